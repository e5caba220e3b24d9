"""Holds the decisions of meetings."""
