"""Answers that came on paper."""
