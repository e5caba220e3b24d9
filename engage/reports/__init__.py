"""Holds reports: what one hands to a city council or a funder, on screen, on paper and as files."""
