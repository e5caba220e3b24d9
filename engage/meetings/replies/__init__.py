"""Who says that they are coming."""
