"""Holds the results of closed rounds."""
