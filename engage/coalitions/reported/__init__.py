"""Texts that someone reported."""
