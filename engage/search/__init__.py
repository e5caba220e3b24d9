"""Finds anything that a person may see by its words, with one search box for all features."""
