"""Calling a meeting, changing it, calling it off."""
