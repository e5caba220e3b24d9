"""Draws reports."""
