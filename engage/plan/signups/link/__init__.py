"""Lets people sign up by a public link, with a page for each sign-up."""
