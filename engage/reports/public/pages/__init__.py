"""Builds the public page and its editor."""
