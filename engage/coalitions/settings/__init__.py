"""A coalition's settings."""
