"""Defines the errors with which commands refuse to work."""


class Refused(Exception):
    """The command changed nothing. The message is one line: what happened, what is unchanged, what to do."""


class Busy(Refused):
    """Another process uses the data. Trying again later may work."""


class BadArchive(Refused):
    """This archive cannot be restored, but another one may."""
