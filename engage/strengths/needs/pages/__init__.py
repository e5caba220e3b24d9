"""What the pages on needs show."""
