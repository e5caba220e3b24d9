"""Shows loose ends of the chain."""
