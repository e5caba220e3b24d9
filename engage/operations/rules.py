"""Rules of running an installation."""

from enum import StrEnum


class RunKind(StrEnum):
    """What is done for the whole installation at its time."""

    TICK = "tick"
