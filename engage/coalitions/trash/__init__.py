"""Holds the coalition's trash: what features share to restore things that were changed or deleted."""
