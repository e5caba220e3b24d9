"""The pages on agreements."""
