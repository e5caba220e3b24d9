"""Holds the lines of an agenda."""
