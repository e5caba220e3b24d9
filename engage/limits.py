"""How long a session lives: what the settings say and accounts keep to."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """A session ends after this long without use, and after this long in any case."""

    idle: timedelta
    life: timedelta


MEMBERS = Limits(idle=timedelta(days=14), life=timedelta(days=60))
# For whoever coordinates or administers: what a forgotten laptop opens is more.
KEY_HOLDERS = Limits(idle=timedelta(days=3), life=timedelta(days=14))
