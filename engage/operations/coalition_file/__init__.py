"""Exports and imports one coalition as a file."""
