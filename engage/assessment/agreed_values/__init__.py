"""Holds the values that the group settles on, statement by statement."""
