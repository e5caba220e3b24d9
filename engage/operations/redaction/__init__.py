"""Removing words from stored texts."""
