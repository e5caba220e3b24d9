"""Holds the limits of what one request may send and cost, and of how long a session lasts.

Each limit is wide enough for the largest honest use, and narrow enough that no request keeps others waiting.
"""

from datetime import timedelta

from msgspec import Struct

# A form of 2 MiB is enough for the longest text; field limits answer 422 long before.
MOST_BODY_BYTES = 2 * 1024 * 1024
# Our largest forms have a few hundred fields. Half a million empty ones would cost seconds.
MOST_FIELDS = 2_000
# An error page returns what was typed, which may be as long as the longest form.
MOST_ECHOED = MOST_BODY_BYTES

# These are the limits of a file with rows: a table of organizations or a plan.
MOST_FILE_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
LONGEST_CELL = 10_000

# These are the limits of a file of questions. Ours has 33 KB and 700 nodes; 500 such questions have 380 KB
# and 12,000 nodes.
MOST_QUESTION_BYTES = 400_000
MOST_NODES = 13_000
DEEPEST = 20


class Limits(Struct, frozen=True):
    """The limits of a session: it ends after this long without use, and after this long in any case."""

    idle: timedelta
    life: timedelta


MEMBERS = Limits(idle=timedelta(days=14), life=timedelta(days=60))
# People who coordinate or administer get these limits, because a forgotten laptop of theirs gives access to more.
KEY_HOLDERS = Limits(idle=timedelta(days=3), life=timedelta(days=14))
