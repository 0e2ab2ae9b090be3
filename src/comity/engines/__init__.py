"""The same coding over many reports: in several processes of this machine."""
