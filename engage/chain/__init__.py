"""Holds the chain: why each thing exists, what was done about it, and the loose ends that break it."""
