"""Copying goals and their parts."""
