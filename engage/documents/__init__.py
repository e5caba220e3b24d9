"""Holds documents: links to files that the coalition keeps elsewhere, and templates in Engage's own words to copy."""
