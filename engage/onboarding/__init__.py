"""Holds Getting Started: a path of steps that are complete once the coalition's records show it."""
