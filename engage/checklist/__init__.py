"""Holds the Tips for Success: what a coalition has done, is doing and leaves out, item by item."""
