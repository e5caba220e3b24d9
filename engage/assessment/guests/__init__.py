"""Lets people answer a round without an account, by an open link or a slip."""
