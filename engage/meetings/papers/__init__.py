"""Agenda, minutes and sign-in sheet to print."""
