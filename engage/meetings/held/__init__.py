"""Holds meetings as other features refer to them."""
