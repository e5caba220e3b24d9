"""The statements and questions of a set."""
