"""Ends a meeting: carrying lines over, closing, reopening, canceling."""
