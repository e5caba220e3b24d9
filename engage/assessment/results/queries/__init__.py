"""Reads of closed rounds."""
