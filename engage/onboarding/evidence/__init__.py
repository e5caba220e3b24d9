"""Determines what the records show about each step."""
