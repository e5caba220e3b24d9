"""Holds the chain: why each thing exists, what was done about it, and loose ends, where a link is missing."""
