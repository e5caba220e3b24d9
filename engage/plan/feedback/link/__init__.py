"""Serves the page on which anyone with the link gives feedback."""
