"""Lets a person ask by mail for a link to choose a new password."""
