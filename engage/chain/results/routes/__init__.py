"""Serves results and the comparison of two rounds, on the blueprint of the assessment."""
