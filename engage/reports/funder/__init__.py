"""Holds the report for a funder: numbers of a period, texts about them, and copies of what was sent."""
