"""Builds each printed report."""
