"""Holds reports of texts that should not be in Engage."""
