"""Builds what the pages of results show."""
