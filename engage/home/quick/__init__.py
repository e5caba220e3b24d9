"""Lets a person answer for an action on Home, without opening its page."""
