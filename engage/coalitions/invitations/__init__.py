"""Handles invitations and their links."""
