"""What was said: speaker, cue, content, addressee, venue, channel, relay chain, nesting."""
