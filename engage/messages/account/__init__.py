"""Holds a person's own messages and how often they come."""
