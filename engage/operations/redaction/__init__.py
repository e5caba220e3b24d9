"""Removes texts from the database for good."""
