"""Requests to join a group."""
