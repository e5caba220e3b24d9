"""Checks whether the links of documents still work, when a coordinator asks for it."""
