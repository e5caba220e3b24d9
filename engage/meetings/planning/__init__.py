"""Plans a meeting, changes it, or calls it off."""
