"""Holds the chain: why each thing exists, what came of it, and the loose ends that break it."""
