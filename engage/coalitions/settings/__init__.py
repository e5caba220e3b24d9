"""Handles a coalition's settings."""
