"""Doors by which people answer a round without an account, for coordinators."""
