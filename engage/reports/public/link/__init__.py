"""The public page as outsiders see it."""
