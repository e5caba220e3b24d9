"""What is stored about a person: handed over or removed."""
