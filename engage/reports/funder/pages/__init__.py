"""Builds the pages of the funder report."""
