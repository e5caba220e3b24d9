"""Rules of documents: their kinds, who sees them, and what a check of a link may say."""

from datetime import date, timedelta
from enum import StrEnum

TITLE_LONGEST = 200
LINK_LONGEST = 500


class DocumentKind(StrEnum):
    CHARTER = "charter"
    MOU = "mou"
    CONFIDENTIALITY = "confidentiality"
    MINUTES = "minutes"
    FLYER = "flyer"
    PROTOCOL = "protocol"
    CURRICULUM = "curriculum"
    OTHER = "other"


class Readers(StrEnum):
    """The people who see a document, besides its owner and the coordinators.

    When a group is deleted, only these still see its documents.
    """

    EVERYONE = "everyone"
    MEMBERS = "members"
    GROUP = "group"
    COORDINATORS = "coordinators"


class TargetKind(StrEnum):
    """The kinds of things that a document may be for. For an item of Tips for Success, it is the proof."""

    AGREEMENT = "agreement"
    ORGANIZATION = "organization"
    MEETING = "meeting"
    ITEM = "item"
    ACTION = "action"

    @property
    def column(self) -> str:
        """Returns the column of `DocumentUse` that refers to this kind of thing."""
        return f"{self.value}_id"


class LinkState(StrEnum):
    """What the last check of a link found."""

    WORKS = "works"
    NOT_FOUND = "not_found"
    NO_ANSWER = "no_answer"
    # The page requires signing in, or this server may not connect to its address.
    UNKNOWN = "unknown"


DEAD = frozenset({LinkState.NOT_FOUND, LinkState.NO_ANSWER})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})


def state_of(status: int) -> LinkState:
    """Returns the link's state for the status of the last answer; a page that asks to sign in counts as found."""
    if 200 <= status < 300:
        return LinkState.WORKS
    if status in GONE:
        return LinkState.NOT_FOUND
    return LinkState.NO_ANSWER if status >= 500 else LinkState.UNKNOWN


# A document should be reviewed once a year.
OLD = timedelta(days=365)


def is_old(looked_at_on: date | None, today: date) -> bool:
    """Returns whether no one has reviewed the document for a year."""
    return looked_at_on is None or today - looked_at_on > OLD
