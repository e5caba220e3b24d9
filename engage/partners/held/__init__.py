"""What a person holds among partners."""
