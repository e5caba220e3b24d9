"""Holds the pack for the next coordinator."""
