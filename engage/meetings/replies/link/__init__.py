"""Lets people answer by the link in a mail."""
