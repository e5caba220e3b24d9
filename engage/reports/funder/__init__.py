"""The report for a funder: numbers of a period, what a person writes about them, and copies of what was sent."""
