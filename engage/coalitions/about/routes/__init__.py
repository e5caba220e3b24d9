"""Serves the pages of About us."""
