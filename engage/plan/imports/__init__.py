"""Actions from a table or a file."""
