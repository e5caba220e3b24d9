"""What a command that keeps, brings back or moves the data answers instead of doing it."""


class Refused(Exception):
    """It was not done; the message is one line: what happened, what was kept, what to do."""
