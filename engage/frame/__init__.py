"""Holds the top layer: what surrounds the content of every page. It may import every feature."""
