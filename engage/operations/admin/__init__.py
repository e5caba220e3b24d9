"""Holds the pages of the people who run the installation."""
