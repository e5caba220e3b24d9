"""Puts states of a match and reasons of a suggestion into words."""

from datetime import date

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.content.loader import content
from engage.dates import medium_day
from engage.strengths.matches.rules import Reason, ReasonKind
from engage.strengths.rules import MatchState

MATCH_WORDS = {
    MatchState.TO_ASK: _l("To ask"),
    MatchState.ASKED: _l("Asked"),
    MatchState.AGREED: _l("Agreed"),
    MatchState.DECLINED: _l("Declined"),
}
# These are the tag's colors; the tag's word says the same.
MATCH_TAGS = {
    MatchState.TO_ASK: "next",
    MatchState.ASKED: "underway",
    MatchState.AGREED: "done",
    MatchState.DECLINED: "notstarted",
}


def state_words(state: MatchState, asked_on: date | None) -> str:
    """Says the state of a match; if it waits for an answer, also since when."""
    if state is MatchState.ASKED and asked_on is not None:
        return _("Asked on %(day)s", day=medium_day(asked_on))
    return str(MATCH_WORDS[state])


def giver_words(giver: str | None, organization: str | None) -> str:
    """Says whose strength it is: a person's, an organization's, or the community's."""
    return ", ".join(name for name in (giver, organization) if name) or _("The community")


def ask_words(person: str | None, words: str) -> str:
    """Says whom to ask; "" if unknown."""
    return ", ".join(each for each in (person, words) if each)


def reason_words(reason: Reason, indicator: str, area: str, who: str) -> str:
    """Says why a strength is suggested. `indicator` and `area` are the need's, by name."""
    match reason.kind:
        case ReasonKind.INDICATOR:
            return _("Same question: %(title)s", title=indicator)
        case ReasonKind.DISCIPLINE:
            return _("Likely to know: %(discipline)s (%(who)s)", discipline=_discipline(reason.key), who=who)
        case ReasonKind.AREA:
            return _("Same focus area: %(area)s", area=area)


def _discipline(key: str) -> str:
    try:
        return content().discipline(key).name
    except KeyError:  # the key is from an older version, or from the coalition's own questions
        return key
