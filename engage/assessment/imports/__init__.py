"""Brings in answers that people gave elsewhere, such as in a Google Form."""
