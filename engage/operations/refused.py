"""Defines the error with which a command refuses to back up, restore or move the data."""


class Refused(Exception):
    """The command did nothing. The message is one line: what happened, what was kept, and what to do."""


class BadArchive(Refused):
    """This file cannot be restored; another one may."""
