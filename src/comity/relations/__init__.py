"""What the record says about how states stand to one another: series, contacts, networks, polarity, words."""
