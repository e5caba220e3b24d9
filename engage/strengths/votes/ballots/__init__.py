"""Lets people vote by link or on paper."""
