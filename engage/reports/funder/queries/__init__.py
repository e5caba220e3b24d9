"""Reads the data of the funder report."""
