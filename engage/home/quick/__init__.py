"""Changing an action from home."""
