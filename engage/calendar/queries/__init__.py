"""Reads everything that has a date or a time, from every feature that the calendar imports."""
