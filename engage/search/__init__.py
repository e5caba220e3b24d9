"""Finds everything that a person may see by the words in it, with one search box for all features."""
