"""Plans themselves: starting, adopting, closing."""
