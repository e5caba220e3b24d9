"""What the records say about a step."""
