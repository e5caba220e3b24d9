"""Holds goals and objectives."""
