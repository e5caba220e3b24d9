"""Backing up, restoring, moving and upgrading an installation."""
