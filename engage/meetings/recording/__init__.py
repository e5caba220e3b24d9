"""Ends a meeting: carrying over, closing, reopening, calling off."""
