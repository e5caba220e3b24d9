"""Answering by the link in a mail."""
