"""Holds the efforts that a round asks about: who already does what."""
