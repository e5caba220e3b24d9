"""Backs up, restores, moves and upgrades an installation."""
