"""Holds the texts that say how people got a letter, and why some did not."""

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.messages.letters.rules import LetterState

# The reasons shown beside the name of a person.
STATE_LABELS = {
    LetterState.WAITING: _l("Waiting"),
    LetterState.CLAIMED: _l("Being sent"),
    LetterState.SENT: _l("Sent"),
    LetterState.FAILED: _l("Not sent"),
    LetterState.UNKNOWN: _l("Not known whether it was sent"),
    LetterState.NO_ADDRESS: _l("No e-mail address that you can see"),
    LetterState.STOPPED: _l("Opted out of letters"),
    LetterState.CANCELED: _l("Stopped by a coordinator"),
}


def reason(words: str) -> str:
    """Returns why a letter was not sent: the server's answer, or that it took too long."""
    return words or _("It could not be sent within two days.")
