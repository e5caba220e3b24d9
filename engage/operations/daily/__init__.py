"""Does what is done once a day."""
