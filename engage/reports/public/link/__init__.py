"""Serves the public page to outsiders."""
