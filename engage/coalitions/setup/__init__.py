"""Handles setting up a coalition on a new installation."""
