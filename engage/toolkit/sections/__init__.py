"""Holds the reading list, with sections that a coalition adds."""
