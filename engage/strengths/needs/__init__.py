"""Needs, their list and their closing."""
