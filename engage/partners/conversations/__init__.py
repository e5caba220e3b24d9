"""Talks with an organization."""
