"""Reads what the records say about a step."""
