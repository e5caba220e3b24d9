"""A code from a phone beside the password."""
