"""Holds the people to call at an organization."""
