"""Tells people about events of their account."""
