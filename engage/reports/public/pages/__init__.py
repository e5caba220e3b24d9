"""What the public page and its editor show."""
