"""Holds actions that repeat."""
