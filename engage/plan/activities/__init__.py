"""Holds activities: what was done, with how many people."""
