"""What the pages of an agenda show."""
