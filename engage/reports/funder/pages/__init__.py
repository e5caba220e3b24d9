"""What the pages of the funder report show."""
