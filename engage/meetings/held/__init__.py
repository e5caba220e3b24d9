"""Meetings that something came of."""
