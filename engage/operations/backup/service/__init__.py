"""Backing up, restoring, moving and upgrading."""
