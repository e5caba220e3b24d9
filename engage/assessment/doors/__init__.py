"""Holds doors: open links and codes on slips by which people answer a round without an account.

Coordinators open them.
"""
