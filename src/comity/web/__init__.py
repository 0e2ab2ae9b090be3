"""The reading room: the ledger as pages in which every number leads to its sentences (`comity serve`)."""
