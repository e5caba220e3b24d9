"""Holds what concerns an account, not one coalition: mail about it, the digest, and a test mail."""
