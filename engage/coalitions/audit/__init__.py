"""Who did what in a coalition."""
