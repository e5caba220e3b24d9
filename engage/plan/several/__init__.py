"""Changing several actions at once."""
