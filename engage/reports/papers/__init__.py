"""Holds reports to print."""
