"""Holds the toolkit, read together: the focus areas explained, the reading list of sections, notes on both."""
