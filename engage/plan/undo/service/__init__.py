"""Restores earlier values."""
