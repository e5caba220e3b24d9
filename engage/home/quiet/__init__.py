"""Finds people and organizations that have been quiet."""
