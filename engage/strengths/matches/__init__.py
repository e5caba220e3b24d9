"""Holds matches of a strength with a need."""
