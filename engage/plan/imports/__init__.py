"""Imports actions from a table or a file."""
