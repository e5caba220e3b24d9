"""What the pages on undoing show."""
