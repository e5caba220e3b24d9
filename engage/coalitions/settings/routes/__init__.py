"""Serves the pages of the settings."""
