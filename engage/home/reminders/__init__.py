"""Writes a ready text that reminds someone."""
