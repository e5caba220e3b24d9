"""Names agreements and their states on screen."""

import re
from datetime import date
from functools import lru_cache

from engage.extensions import in_language, language
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.languages import offered
from engage.partners.agreements.rules import CurrentState
from engage.partners.rules import AgreementKind, AgreementState

KIND_LABELS = {
    AgreementKind.MOU: _l("MOU"),
    AgreementKind.PLEDGE: _l("Pledge"),
    AgreementKind.DATA_SHARING: _l("Data sharing"),
    AgreementKind.SUBAWARD: _l("Subaward"),
    AgreementKind.OTHER: _l("Other agreement"),
}
_NAMES = {
    AgreementKind.MOU: _l("MOU with %(organization)s"),
    AgreementKind.PLEDGE: _l("Pledge by %(organization)s"),
    AgreementKind.DATA_SHARING: _l("Data sharing with %(organization)s"),
    AgreementKind.SUBAWARD: _l("Subaward with %(organization)s"),
    AgreementKind.OTHER: _l("Agreement with %(organization)s"),
}
KIND_WHY = {
    AgreementKind.MOU: _l(
        "A memorandum of understanding: who does what, signed by people who may commit their organizations."
    ),
    AgreementKind.PLEDGE: _l("A promise to support the work, without details."),
    AgreementKind.DATA_SHARING: _l("Which counts are shared, how often, and what never is."),
    AgreementKind.SUBAWARD: _l("Part of a grant, passed on with its conditions."),
    AgreementKind.OTHER: _l("Anything else in writing."),
}
STATE_LABELS = {
    AgreementState.DRAFTING: _l("Drafting"),
    AgreementState.WITH_BOARD: _l("Waiting for their board"),
    AgreementState.SIGNED: _l("Signed"),
    AgreementState.DECLINED: _l("Declined"),
    AgreementState.ENDED: _l("Ended"),
}
MOVE_LABELS = {
    AgreementState.DRAFTING: _l("Back to drafting"),
    AgreementState.WITH_BOARD: _l("Waiting for their board"),
    AgreementState.SIGNED: _l("Mark as signed"),
    AgreementState.DECLINED: _l("Mark as declined"),
    AgreementState.ENDED: _l("Mark as ended"),
}
CURRENT_STATE_LABELS = {
    CurrentState.DRAFTING: _l("Drafting"),
    CurrentState.WITH_BOARD: _l("Waiting for their board"),
    CurrentState.SIGNED: _l("Signed"),
    CurrentState.EXPIRED: _l("Expired"),
    CurrentState.DECLINED: _l("Declined"),
    CurrentState.ENDED: _l("Ended"),
}
CURRENT_STATE_TAGS = {
    CurrentState.DRAFTING: "notstarted",
    CurrentState.WITH_BOARD: "underway",
    CurrentState.SIGNED: "done",
    CurrentState.EXPIRED: "stuck",
    CurrentState.DECLINED: "info",
    CurrentState.ENDED: "info",
}


def name_of(kind: AgreementKind, title: str, organization: str) -> str:
    """Returns words such as "MOU with Grace Church", or the agreement's own title with the organization."""
    if title:
        return _("%(title)s (%(organization)s)", title=title, organization=organization)
    return str(_NAMES[kind]) % {"organization": organization}


def name_as_read(name: str) -> str:
    """Returns a name that `name_of` made in another language in the reader's, else the name as it is."""
    for other in offered():
        for words, made in zip(_NAMES.values(), _patterns(other), strict=True) if other != language() else ():
            if found := made.fullmatch(name):
                return str(words) % found.groupdict()
    return name


@lru_cache(maxsize=64)
def _patterns(other: str) -> tuple[re.Pattern[str], ...]:
    with in_language(other):
        parts = [str(words).split("%(organization)s") for words in _NAMES.values()]
    return tuple(re.compile("(?P<organization>.+)".join(map(re.escape, each))) for each in parts)


def until(ends_on: date, today: date) -> str:
    """Returns how far away the end is: "in 40 days", "today", "3 days ago"."""
    days = (ends_on - today).days
    if days == 0:
        return _("today")
    if days > 0:
        return ngettext("in %(num)s day", "in %(num)s days", days)
    return ngettext("%(num)s day ago", "%(num)s days ago", -days)
