"""Handles the audit log: who did what in a coalition."""
