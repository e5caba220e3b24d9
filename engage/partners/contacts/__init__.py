"""The people one calls at an organization."""
