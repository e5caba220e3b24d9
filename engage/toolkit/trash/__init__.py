"""Tells the trash about this feature's things."""
