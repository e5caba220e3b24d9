"""Counts open work with others: agreements that end, and open recruitments."""
