"""Plans, changes and cancels meetings."""
