"""The people of a coalition, their roles and their leaving."""
