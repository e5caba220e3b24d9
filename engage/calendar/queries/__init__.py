"""Reads what has a day or a moment, from every feature below."""
