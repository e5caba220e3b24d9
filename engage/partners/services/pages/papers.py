"""Makes the referral list on paper: as a list, and as a pocket card."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date

from engage.coalitions.labels import paper_of
from engage.coalitions.models import Coalition
from engage.dates import as_of, medium_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.services.pages.list import ReferralPart, parts_of
from engage.partners.services.queries import ServiceLine
from engage.web.paper.rules import Paper, PaperSection

Said = Callable[[ServiceLine], list[str]]


def list_paper(coalition: Coalition, lines: Sequence[ServiceLine], today: date) -> Paper:
    """Builds the list with everything that a person who refers someone needs. It names no one in the coalition."""
    paper = _paper(coalition, len(lines), today)
    return paper.with_(sections=_sections(parts_of(lines), _everything))


def card_paper(coalition: Coalition, lines: Sequence[ServiceLine], today: date) -> Paper:
    """Builds the card: one sheet in four columns to fold, with less about each service if there are many."""
    parts, first = (
        parts_of(lines),
        PaperSection("partners-now", _("Right now"), points=[*_right_now(coalition)]),
    )
    long, short = ([first, *_sections(parts, said)] for said in (_briefly, _who_to_call))
    return _paper(coalition, len(lines), today).with_(sections=long, shorter=[short], fits=True, card=True)


def _paper(coalition: Coalition, number: int, today: date) -> Paper:
    paper = paper_of(coalition, _("Referral list"), _("Who can help"), as_of(today), [])
    if not number:
        return paper.with_(lead=_("No service is on the list yet."))
    lead = ngettext(
        "%(num)s service, listed with its organization’s consent.",
        "%(num)s services, listed with their organizations’ consent.",
        number,
    )
    return paper.with_(lead=lead, notes=[_("Call before you send anyone: hours and rules change.")])


def _right_now(coalition: Coalition) -> Iterator[str]:
    yield _("In danger: 911")
    if coalition.help_number:
        name = coalition.help_name or _("Local help")
        yield _("%(name)s: %(number)s", name=name, number=coalition.help_number)
    yield _("National Human Trafficking Hotline: 1-888-373-7888, or text 233733")


def _sections(parts: Sequence[ReferralPart], said: Said) -> list[PaperSection]:
    return [
        section
        for part in parts
        for section in (
            PaperSection(f"partners-{part.kind}", part.heading),
            *(
                PaperSection(f"partners-{row.service.id}", row.service.title, level=2, texts=said(row))
                for row in part.rows
            ),
        )
    ]


def _who_to_call(row: ServiceLine) -> list[str]:
    if not row.service.phone:
        return [row.organization]
    return [_("%(name)s: %(number)s", name=row.organization, number=row.service.phone)]


def _briefly(row: ServiceLine) -> list[str]:
    details = " · ".join(filter(None, (row.whom, row.at_once)))
    return [*_who_to_call(row), *filter(None, [details])]


def _everything(row: ServiceLine) -> list[str]:
    facts = [_("%(label)s: %(words)s", label=label, words=words) for label, words in row.facts]
    day = medium_day(row.service.checked_on)
    checked = (
        _("Call first: last checked on %(day)s, more than a year ago.", day=day)
        if row.is_old
        else _("Last checked: %(day)s", day=day)
    )
    return [*_who_to_call(row), *filter(None, [row.whom]), *facts, checked]
