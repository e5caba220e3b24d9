"""Reads a coalition for its file, and reads such a file."""
