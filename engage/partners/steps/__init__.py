"""Counts how far a coalition has come with its partners."""
