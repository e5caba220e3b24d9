"""Undoing a change, and the trash."""
