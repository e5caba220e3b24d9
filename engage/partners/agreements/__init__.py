"""Agreements with organizations, such as an MOU."""
