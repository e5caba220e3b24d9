"""Brings people in from a contacts file or a pasted list, and sends them out in the same form."""
