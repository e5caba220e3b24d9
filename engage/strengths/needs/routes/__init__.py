"""The pages on needs."""
