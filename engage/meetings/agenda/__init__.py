"""Holds the lines of a meeting's agenda."""
