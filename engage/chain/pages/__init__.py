"""Builds what pages show of the chain: its own pages and those of other features."""
