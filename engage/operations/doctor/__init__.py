"""Checks of an installation, with what to do."""
