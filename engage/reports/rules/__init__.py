"""Holds the rules of reports: their periods and their parts."""
