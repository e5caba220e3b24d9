"""Reads a coalition's rows for its file, and parses such a file."""
