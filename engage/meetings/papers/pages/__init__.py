"""Builds what the papers of a meeting show."""
