"""Holds the digest by mail: late, due and new things of a person's coalitions."""
