"""Serves the pages on which a person downloads their own data, or deletes their account."""
