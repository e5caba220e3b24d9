"""Lets people sign up for an event: the public page, its limit, the waiting list, and who came."""
