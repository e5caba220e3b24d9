"""Removes words from stored texts for good."""
