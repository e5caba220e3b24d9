"""Holds people's answers to whether they are coming."""
