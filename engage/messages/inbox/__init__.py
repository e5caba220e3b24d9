"""Holds a person's inbox: everything that waits for them."""
