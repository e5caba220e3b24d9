"""Holds meetings that are open to everyone."""
