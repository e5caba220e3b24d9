"""What a person is told about their account."""
