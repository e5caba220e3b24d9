"""Measures, their readings and their charts."""
