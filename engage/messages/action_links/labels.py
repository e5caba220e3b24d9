"""Holds the words of the three links."""

from engage.i18n import LazyString
from engage.i18n import lazy_gettext as _l
from engage.plan.rules import QuickAnswer

SAID_LABELS: dict[QuickAnswer, LazyString] = {
    QuickAnswer.DONE: _l("Done"),
    QuickAnswer.ON_TRACK: _l("Still on it"),
    QuickAnswer.STUCK: _l("I need help"),
}
