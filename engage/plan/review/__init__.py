"""Reviewing the plan together."""
