"""Defines the limits of what one request may send and cost, and of how long a session lasts.

Each limit is large enough for the largest honest use, and small enough that no request keeps others waiting.
"""

from datetime import timedelta

from msgspec import Struct

# A form of 2 MiB has room for the longest text; the fields' own limits are much lower and answer 422.
MOST_BODY_BYTES = 2 * 1024 * 1024
# The largest forms have a few hundred fields. Half a million empty ones would take seconds to read.
MOST_FIELDS = 2_000
# An address has at most 2,000 characters, with every filter of a list; a page contains its own address
# several times.
MOST_ADDRESS_BYTES = 4_096
# In a form with files, the header of a part takes a hundred bytes to name it.
MOST_PART_HEAD_BYTES = 2_048
# A pasted list of 5,000 rows has half as many characters that a form must encode, such as %C3%A9. Each is
# decoded alone.
MOST_QUOTED = 200_000
# A person who pastes a whole book into a field gets it back, with the message that it is too long. Only a
# program sends more than this.
MOST_TYPED = 400_000
# An error page gives back the typed text, which may be as long as the longest form.
MOST_ECHOED = MOST_BODY_BYTES

# A file with rows, which is a table of organizations or a plan, has these limits.
MOST_FILE_BYTES = 2_000_000
MOST_ROWS = 5_000
MOST_COLUMNS = 60
# An address book has a column for each kind of address, number and custom field; only six of them are read.
MOST_CONTACT_COLUMNS = 500
LONGEST_CELL = 10_000

# A file of questions has these limits. Engage's own has 33 KB and 700 nodes; 500 such questions have 380 KB
# and 12,000 nodes.
MOST_QUESTION_BYTES = 400_000
MOST_NODES = 13_000
DEEPEST = 20


class Limits(Struct, frozen=True):
    """The limits of a session: it ends after `idle` without use, and after `life` in any case."""

    idle: timedelta
    life: timedelta


# These two are for a browser that the person called their own when they signed in. Someone who comes every
# other week, and misses one time, is still signed in.
MEMBERS = Limits(idle=timedelta(days=45), life=timedelta(days=180))
# These are for people who coordinate or administer, because their forgotten laptop gives access to more.
KEY_HOLDERS = Limits(idle=timedelta(days=30), life=timedelta(days=90))
# This is for every other browser, whoever signed in: it may be a library's.
SHARED = Limits(idle=timedelta(hours=2), life=timedelta(hours=12))
