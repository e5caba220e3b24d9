"""Holds the first evening of a new coalition: five cards that its records tick."""
