"""Holds documents: links to files that the coalition stores elsewhere, and Engage's own templates to copy."""
