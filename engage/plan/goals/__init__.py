"""Goals and objectives."""
