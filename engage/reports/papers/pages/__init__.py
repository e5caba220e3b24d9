"""Builds each report."""
