"""Holds the public page."""
