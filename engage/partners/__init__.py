"""Holds organizations, each with one row and one sector, and which organization a person comes from."""
