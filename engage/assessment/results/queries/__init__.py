"""Reads closed rounds."""
