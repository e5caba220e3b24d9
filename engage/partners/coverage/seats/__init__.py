"""Seats that wait for someone."""
