"""Puts states of a match and reasons of a suggestion into words."""

from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.strengths.matches.rules import Reason, ReasonKind
from engage.strengths.rules import MatchState

MATCH_LABELS = {
    MatchState.TO_ASK: _l("To ask"),
    MatchState.ASKED: _l("Asked"),
    MatchState.AGREED: _l("Agreed"),
    MatchState.DECLINED: _l("Declined"),
}
# These are the colors of tags; a tag's word says the same.
MATCH_TAGS = {
    MatchState.TO_ASK: "next",
    MatchState.ASKED: "underway",
    MatchState.AGREED: "done",
    MatchState.DECLINED: "notstarted",
}


def giver_words(giver: str | None, organization: str | None) -> str:
    """Says whose strength it is: a person's, an organization's, or the community's."""
    return ", ".join(name for name in (giver, organization) if name) or _("The community")


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
    except KeyError:  # the key is from an older version or a coalition's own questions
        return key
