"""Meetings that anyone may come to."""
