"""Lets people ask to join an open group, and its lead answer."""
