"""Starts, adopts and closes plans."""
