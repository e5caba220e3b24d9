"""Handles help lines that a coalition adds to the page *Who to call*."""
