"""Joining a coalition by a link."""
