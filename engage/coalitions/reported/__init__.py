"""Holds texts that someone reported."""
