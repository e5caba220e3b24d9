"""Undoes changes, and holds the plan's part of the trash."""
