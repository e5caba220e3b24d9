"""Exports or deletes what is stored about a person."""
