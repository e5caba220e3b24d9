"""Holds the coalition's trash: what features share when they restore something that was changed or deleted."""
