"""Holds Getting Started: a path of steps, each of which the coalition's records complete."""
