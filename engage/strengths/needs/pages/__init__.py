"""Builds the pages on needs."""
