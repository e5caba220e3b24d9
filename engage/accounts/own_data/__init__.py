"""Lets a person download what is stored about them."""
