"""Holds meetings, including planning sessions: agenda, attendance, minutes, decisions."""
