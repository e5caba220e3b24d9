"""Meetings and events that anyone may come to, as the public reads them."""
