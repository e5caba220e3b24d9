"""Serves which counts a coalition shares, and the published sums."""
