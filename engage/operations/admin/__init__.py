"""Holds the pages of the installation's admins."""
