"""Holds what has to be done before a meeting."""
