"""Loose ends of the chain."""
