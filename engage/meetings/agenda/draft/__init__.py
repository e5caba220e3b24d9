"""Drafts an agenda from open work in every feature."""
