"""Invitations and the links that carry them."""
