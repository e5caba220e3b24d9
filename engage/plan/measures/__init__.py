"""Holds measures, their readings and their charts."""
