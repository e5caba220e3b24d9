"""Serves the page on which anyone with its link answers."""
