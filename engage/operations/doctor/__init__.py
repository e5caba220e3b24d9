"""Checks an installation, and says what to do."""
