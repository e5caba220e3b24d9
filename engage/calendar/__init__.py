"""Holds the calendar: a month of all that has a day, as a page and as feeds to subscribe to."""
