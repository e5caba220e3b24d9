"""Holds the first evening of a new coalition: five cards that are checked off as data is recorded."""
