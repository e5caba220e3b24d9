"""Sections that a coalition adds."""
