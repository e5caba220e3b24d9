"""Adds a code from a phone to the password."""
