"""Holds the calendar: a month of everything that has a date, as a page and as feeds to subscribe to."""
