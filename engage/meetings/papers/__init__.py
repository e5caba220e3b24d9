"""Holds papers to print: agenda, minutes and sign-in sheet."""
