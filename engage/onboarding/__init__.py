"""Holds Getting Started: the path with its steps, each completed by what the coalition's records say."""
