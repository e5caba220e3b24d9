"""Lets a spreadsheet read live tables by a secret link: numbers, dates, states, and titles that were let through."""
