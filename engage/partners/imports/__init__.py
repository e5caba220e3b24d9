"""Organizations from a table."""
