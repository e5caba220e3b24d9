"""Holds planning sessions and other meetings: agenda, attendance, decisions."""
