"""Backs up, restores, moves and upgrades."""
