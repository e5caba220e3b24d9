"""Holds the Tips for Success: what a coalition has done, is doing or leaves out, item by item."""
