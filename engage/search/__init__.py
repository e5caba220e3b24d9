"""Finds anything that a person may see by its words: one box for all features."""
