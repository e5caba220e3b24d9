"""Holds the digest by mail."""
