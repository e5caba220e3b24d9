"""Holds organizations: one row each from the first day, with one sector, and who comes from where."""
