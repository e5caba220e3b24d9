"""Holds attendance: who came to a meeting."""
