"""How long a session lives: what the settings say and accounts keep to."""

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of a session: it ends after this long without use, and after this long in any case."""

    idle: timedelta
    life: timedelta


MEMBERS = Limits(idle=timedelta(days=14), life=timedelta(days=60))
# People who coordinate or administer get these limits, because a forgotten laptop of theirs opens more.
KEY_HOLDERS = Limits(idle=timedelta(days=3), life=timedelta(days=14))
