"""Holds what Engage says about its field: sectors, disciplines, focus areas, indicators, tips, and steps."""
