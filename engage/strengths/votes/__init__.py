"""Holds votes on which needs come first."""
