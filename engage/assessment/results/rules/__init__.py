"""Holds the rules of results: what is released, how a round closes, what stands out, what changed."""
