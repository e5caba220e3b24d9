"""Stores organizations, one row and one sector each, and the organization that each person comes from."""
