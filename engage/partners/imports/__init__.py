"""Imports organizations from a table."""
