"""Handles the statements and questions of a set."""
