"""The efforts that a round asks about."""
