"""The lines of an agenda."""
