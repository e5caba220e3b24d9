"""Copies goals and their parts."""
