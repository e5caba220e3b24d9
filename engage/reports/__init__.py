"""Holds reports to give to a city council or a funder: on screen, on paper and as files."""
