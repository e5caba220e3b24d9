"""Votes on which needs come first."""
