"""Conversations with an organization."""
