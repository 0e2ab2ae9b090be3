"""Scoring of what Comity finds against gold files."""
