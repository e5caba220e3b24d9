"""People and organizations that have been quiet."""
