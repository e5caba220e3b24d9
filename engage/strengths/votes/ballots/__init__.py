"""Voting by link or on paper."""
