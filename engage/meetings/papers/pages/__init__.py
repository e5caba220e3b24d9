"""What the papers of a meeting show."""
