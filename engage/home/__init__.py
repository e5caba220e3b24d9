"""Holds Home: what is next, what waits for me, what is late or stuck, where the gaps are, what changed."""
