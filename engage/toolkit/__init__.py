"""Holds the toolkit, which people read together: the focus areas, the reading list, and notes on both."""
