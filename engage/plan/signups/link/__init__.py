"""Signing up by a public link, and the page of each sign-up."""
