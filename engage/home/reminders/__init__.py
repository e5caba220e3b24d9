"""A ready text that reminds someone."""
