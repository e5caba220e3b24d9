"""Holds mail: whether it is set up, how it is sent, and a test mail."""
