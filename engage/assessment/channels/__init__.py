"""Holds the channels to answer a round without an account: an open link, and slips with codes.

Coordinators open and revoke them.
"""
