"""Downloading what is stored about oneself."""
