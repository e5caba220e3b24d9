"""Builds the pages on undoing."""
