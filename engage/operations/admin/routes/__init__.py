"""Holds the routes of the administration."""
