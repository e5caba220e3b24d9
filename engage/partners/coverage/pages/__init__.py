"""What the pages on coverage show."""
