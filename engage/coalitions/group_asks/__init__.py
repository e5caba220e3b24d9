"""Asking to join a group that is open, and the answer."""
