"""Shows what changed in a period."""
