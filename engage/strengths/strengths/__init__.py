"""Holds what the coalition can build on."""
