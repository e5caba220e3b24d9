"""Efforts that respondents name themselves."""
