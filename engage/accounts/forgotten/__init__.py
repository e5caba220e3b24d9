"""Asking by mail for a link to choose a new password."""
