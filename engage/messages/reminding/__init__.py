"""Reminds people of their open work."""
