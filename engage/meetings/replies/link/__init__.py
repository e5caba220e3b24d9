"""Lets people answer through the link in a mail, without signing in."""
