"""Workgroups and committees."""
