"""Handles two-step sign-in: a code from a phone in addition to the password."""
