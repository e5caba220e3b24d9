"""Builds the plan's views."""
