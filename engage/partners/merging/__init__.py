"""Merges two entries of the same organization."""
