"""Draws the line on each page that says what a thing comes from."""
