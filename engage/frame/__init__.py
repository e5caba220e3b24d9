"""Holds the top layer: the frame of every page, which may import every feature."""
