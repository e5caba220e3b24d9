"""Holds the calendar: a month of everything that has a date, as a page and as feeds for calendar programs."""
