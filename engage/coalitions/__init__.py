"""Holds coalitions and the people in them: roles, groups, invitations, settings."""
