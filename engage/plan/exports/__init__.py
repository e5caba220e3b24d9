"""Exports the plan as a file."""
