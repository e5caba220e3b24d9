"""Holds answers that came on paper."""
