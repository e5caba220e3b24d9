"""Notes that people write on the toolkit."""
