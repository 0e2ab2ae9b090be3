"""Occurrences: one happening, however many reports tell it."""
