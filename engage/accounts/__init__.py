"""Holds people's accounts: signing in and out, sessions, passwords, one's own profile."""
