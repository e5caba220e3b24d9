"""What moved in a period."""
