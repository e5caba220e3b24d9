"""Finds what a person is responsible for among partners."""
