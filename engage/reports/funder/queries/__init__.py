"""What the funder report reads."""
