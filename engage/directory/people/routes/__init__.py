"""The pages on people."""
