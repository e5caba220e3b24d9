"""Decides what an answer says about a link."""

from engage.documents.rules import LinkState

REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})


def state_of(status: int) -> LinkState:
    """Returns the state for the status of the last answer; a page that asks to sign in counts as found."""
    if 200 <= status < 300:
        return LinkState.WORKS
    if status in GONE:
        return LinkState.NOT_FOUND
    return LinkState.NO_ANSWER if status >= 500 else LinkState.UNKNOWN
