"""Holds people's answers before a meeting: whether they are coming."""
