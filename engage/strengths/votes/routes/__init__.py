"""Serves the pages of the person who runs a vote."""
