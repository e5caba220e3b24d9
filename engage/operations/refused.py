"""Defines how a command that backs up, restores or moves the data refuses."""


class Refused(Exception):
    """It was not done; the message is one line: what happened, what was kept, what to do."""


class BadArchive(Refused):
    """This file cannot be restored; another one may."""
