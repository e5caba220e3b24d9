"""Does the daily work, such as deleting expired data."""
