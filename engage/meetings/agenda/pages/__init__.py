"""Builds what the pages of an agenda show."""
