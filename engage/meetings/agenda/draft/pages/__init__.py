"""Builds what the page *Draft the agenda* shows."""
