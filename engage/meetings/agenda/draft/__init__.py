"""Drafts an agenda: proposes usual lines, and lines about open work in every feature."""
