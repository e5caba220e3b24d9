"""Shows which sectors and places partners cover."""
