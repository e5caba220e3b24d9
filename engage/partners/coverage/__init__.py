"""Which sectors and places partners cover."""
