"""Writes the handover pack in words: one page to read, to print and to save as PDF."""

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any, NamedTuple

from engage.clock import local_day
from engage.coalitions.labels import ROLE_LABELS, paper_of
from engage.coalitions.models import Coalition
from engage.database import SelectedRow
from engage.dates import as_of, day_text, long_day, medium_day
from engage.extensions import locale_name
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.agreements import labels as agreements_labels
from engage.partners.agreements.list import AgreementLine
from engage.partners.agreements.rules import CurrentState
from engage.partners.coverage.recruitments.labels import named
from engage.partners.rules import ContactPlace
from engage.plan import labels as plan_labels
from engage.plan.measures import labels as measures_labels
from engage.plan.measures.rules import DUE_AFTER, MeasureFact
from engage.plan.rules import ActionStatus, is_late
from engage.reports.handover.queries import Pack
from engage.reports.labels import number
from engage.web.paper.rules import Cell, Column, Figure, Paper, PaperSection, Table, Width

# Agreements in these states bind the coalition, or soon will.
_LIVE = {CurrentState.SIGNED, CurrentState.DRAFTING, CurrentState.WITH_BOARD}


# The page shows this many of each and cuts long texts at this length; the files in the zip hold everything.
MOST_PROMISES, MOST_CONTACTS, MOST_DECISIONS, MOST_DATES = 40, 40, 10, 15
MOST_RECRUITMENTS, MOST_MEASURES, MOST_PEOPLE = 30, 40, 40
SHORT = 280


class Urls(NamedTuple):
    """The addresses to which the page's names link, with {}; empty on paper."""

    action: str = ""
    agreement: str = ""
    decision: str = ""


def handover_pack(pack: Pack, coalition: Coalition, today: date, urls: Urls | None = None) -> Paper:
    """Builds the page without queries."""
    urls = urls or Urls()
    paper = paper_of(coalition, _("Handover pack"), _("For the next coordinator"), as_of(today), [])
    return paper.with_(
        lead=_("What is open, what was promised, who to call, and what is coming up."),
        sections=[
            _standing(pack),
            *_note(pack, coalition),
            _dates(pack, coalition, today),
            _actions(pack, today, urls),
            _promises(pack, urls),
            _contacts(pack),
            _decisions(pack, today, urls),
            _recruitments(pack, today),
            _measures(pack, today),
            _people(pack),
        ],
        notes=[_("It contains people's names and phone numbers. Give it only to the next coordinator.")],
    )


def _standing(pack: Pack) -> PaperSection:
    counts, live = pack.counts, sum(each.standing is CurrentState.SIGNED for each in pack.agreements)
    figures = []
    if counts is not None:
        figures = [
            Figure(number(counts.open), ngettext("open action", "open actions", counts.open)),
            Figure(number(counts.late), _("late")),
            Figure(number(counts.stuck), str(plan_labels.STATUS_LABELS[ActionStatus.STUCK]).lower()),
        ]
    return PaperSection(
        "reports-standing",
        _("Where we are"),
        figures=[
            *figures,
            Figure(number(live), ngettext("agreement in force", "agreements in force", live)),
            Figure(
                number(len(pack.recruitments)),
                ngettext("sector to recruit", "sectors to recruit", len(pack.recruitments)),
            ),
            Figure(number(len(pack.people)), ngettext("person", "people", len(pack.people))),
        ],
    )


def _note(pack: Pack, coalition: Coalition) -> Iterator[PaperSection]:
    if pack.note is None:
        return
    day = long_day(local_day(pack.note.written_at, coalition.time_zone))
    who = pack.note.writer
    aside = _("%(who)s, %(day)s", who=who, day=day) if who else day
    yield PaperSection("reports-note", _("What to change"), aside=aside, texts=[pack.note.text])


Rows = Sequence[Sequence[Cell | str]]


def _section(
    id_: str,
    heading: str,
    columns: Sequence[Column],
    rows: Rows,
    *,
    nothing: str,
    all_: int = 0,
    file: str = "",
) -> PaperSection:
    """Returns a section with a table, or with a text if there are no rows.

    `all_` is the total number, which `file` holds.
    """
    if not rows:
        return PaperSection(id_, heading, texts=[nothing])
    said = []
    if (rest := all_ - len(rows)) > 0:
        more = number(rest)
        said = [
            _("%(number)s more are in %(file)s in the zip file.", number=more, file=file)
            if file
            else _("%(number)s more are in Engage.", number=more)
        ]
    return PaperSection(id_, heading, texts=said, tables=[Table(heading, columns, rows)])


def _list(id_: str, heading: str, said: Sequence[str], *, nothing: str) -> PaperSection:
    return PaperSection(id_, heading, points=said) if said else PaperSection(id_, heading, texts=[nothing])


# -- coming dates


class _Coming(NamedTuple):
    day: date
    what: str


def _dates(pack: Pack, coalition: Coalition, today: date) -> PaperSection:
    found = sorted([*_meetings(pack, coalition, today), *_ends(pack), *_reviews(pack)])
    # A date in the past is left out here; it is shown with its decision or agreement.
    coming = [each for each in found if each.day >= today]
    said = [_("%(day)s: %(what)s", day=long_day(each.day), what=each.what) for each in coming[:MOST_DATES]]
    return _list("reports-dates", _("Dates coming up"), said, nothing=_("No date is set."))


def _meetings(pack: Pack, coalition: Coalition, today: date) -> Iterator[_Coming]:
    for each in pack.meetings:
        day = local_day(each.starts_at, coalition.time_zone)
        if each.closed_at is None and day >= today:
            yield _Coming(day, _("Meeting: %(title)s", title=each.title))


def _ends(pack: Pack) -> Iterator[_Coming]:
    for each in pack.agreements:
        if each.standing is not CurrentState.SIGNED:
            continue
        named = {"number": each.number, "organization": each.organization}
        if each.ends_on is not None:
            yield _Coming(each.ends_on, _("Agreement %(number)s with %(organization)s ends", **named))
        if each.review_on is not None:
            yield _Coming(each.review_on, _("Review agreement %(number)s with %(organization)s", **named))
    if pack.plan is not None and pack.plan.ends_on is not None:
        yield _Coming(pack.plan.ends_on, _("The plan of action ends"))


def _reviews(pack: Pack) -> Iterator[_Coming]:
    for each in pack.decisions:
        if each.review_on is not None:
            yield _Coming(each.review_on, _("Review decision %(number)s", number=each.number))
    for group in pack.groups:
        if group.review_on is not None:
            yield _Coming(group.review_on, _("Review the group %(name)s", name=group.name))
    for position in pack.positions:
        if position.until is not None:
            yield _Coming(position.until, _("End of a term: %(title)s", title=position.title))


# -- open work


def _actions(pack: Pack, today: date, urls: Urls) -> PaperSection:
    columns = [
        Column(_("No."), Width.NARROW),
        Column(_("What"), Width.WIDE),
        Column(_("Owner")),
        Column(_("By when")),
        Column(_("Status")),
    ]
    locale, nobody = locale_name(), _("No one yet")
    statuses = {status: str(said) for status, said in plan_labels.STATUS_LABELS.items()}

    def row(each: Any) -> tuple[Cell | str, ...]:
        due = plan_labels.by_when_in(locale, each.due_on, today, each.status) if each.due_on else ""
        late = is_late(each.due_on, each.status, today)
        return (
            str(each.number),
            Cell(each.title, "", _help(each), urls.action.format(each.number) if urls.action else ""),
            each.owner or nobody,
            Cell(due, "late") if late else due,
            statuses[each.status],
        )

    return _section(
        "reports-actions",
        _("Open actions"),
        columns,
        [row(each) for each in pack.actions],
        nothing=_("No open actions."),
        all_=pack.counts.open if pack.counts is not None else 0,
        file="actions.csv",
    )


def _help(row: SelectedRow) -> str:
    """Says who helps, and what help a stuck action needs."""
    said = [_("with %(organization)s", organization=row.organization)] if row.organization else []
    if row.status is ActionStatus.STUCK and row.reason:
        said.append(_("Needs: %(help)s", help=_short(row.reason)))
    return " · ".join(said)


def _short(text: str) -> str:
    """Returns the beginning of a long text, cut between words."""
    return text if len(text) <= SHORT else text[:SHORT].rsplit(None, 1)[0] + "…"


# -- partners


def _promises(pack: Pack, urls: Urls) -> PaperSection:
    columns = [
        Column(_("No."), Width.NARROW),
        Column(_("With")),
        Column(_("Their promise"), Width.SAID),
        Column(_("We promised"), Width.SAID),
        Column(_("Until"), Width.SAID),
    ]
    standings = {each: str(said) for each, said in agreements_labels.CURRENT_STATE_LABELS.items()}
    kinds = {each: str(said) for each, said in agreements_labels.KIND_LABELS.items()}

    def row(each: AgreementLine) -> tuple[Cell | str, ...]:
        until = medium_day(each.ends_on) if each.ends_on is not None else _("no end set")
        in_force = each.standing is CurrentState.SIGNED
        return (
            Cell(str(each.number), url=urls.agreement.format(each.number) if urls.agreement else ""),
            Cell(each.organization, "", each.title or kinds[each.kind]),
            _short(each.they_promised),
            _short(each.we_promised),
            until if in_force else standings[each.standing],
        )

    live = [each for each in pack.agreements if each.standing in _LIVE]
    return _section(
        "reports-promises",
        _("Promises"),
        columns,
        [row(each) for each in live[:MOST_PROMISES]],
        nothing=_("No agreement is in force or being drafted."),
        all_=len(live),
        file="agreements.csv",
    )


def _contacts(pack: Pack) -> PaperSection:
    """Returns the main contact of each organization; the others are in the file."""
    columns = [
        Column(_("Organization"), Width.WIDE),
        Column(_("Contact")),
        Column(_("How to reach them"), Width.WIDE),
    ]
    first = [each for each in pack.contacts if each.contact.place is ContactPlace.MAIN]
    rows = [
        (
            each.organization,
            Cell(each.contact.name, "", each.contact.job),
            " · ".join(way for way in (each.contact.phone, each.contact.email) if way),
        )
        for each in first[:MOST_CONTACTS]
    ]
    return _section(
        "reports-contacts",
        _("Partner contacts"),
        columns,
        rows,
        nothing=_("No contacts yet."),
        all_=len(pack.contacts),
        file="contacts.csv",
    )


# -- inside the coalition


def _decisions(pack: Pack, today: date, urls: Urls) -> PaperSection:
    columns = [
        Column(_("No."), Width.NARROW),
        Column(_("Decision"), Width.WIDE),
        Column(_("Person responsible")),
        Column(_("Review on"), Width.SAID),
    ]
    nobody, none = _("No one yet"), _("not set")
    rows = [
        (
            Cell(str(each.number), url=urls.decision.format(each.number) if urls.decision else ""),
            Cell(
                _short(each.text),
                "",
                _("%(meeting)s, %(day)s", meeting=each.meeting, day=long_day(each.decided_on)),
            ),
            each.owner_words or nobody,
            Cell(long_day(each.review_on), "late" if each.review_on <= today else "")
            if each.review_on is not None
            else none,
        )
        for each in pack.decisions[:MOST_DECISIONS]
    ]
    return _section(
        "reports-decisions",
        _("Last decisions"),
        columns,
        rows,
        nothing=_("No decisions yet."),
        all_=len(pack.decisions),
        file="decisions.csv",
    )


def _recruitments(pack: Pack, today: date) -> PaperSection:
    columns = [
        Column(_("Sector to recruit"), Width.WIDE),
        Column(_("Person to ask"), Width.SAID),
        Column(_("Who asks"), Width.SAID),
        Column(_("Ask by"), Width.SAID),
    ]
    rows = [
        (
            named(each),
            each.organization or each.whom,
            each.inviter or _("No one yet"),
            "" if each.ask_by is None else day_text(each.ask_by, today),
        )
        for each in pack.recruitments[:MOST_RECRUITMENTS]
    ]
    nothing = _("No sectors to recruit.")
    return _section(
        "reports-recruitments",
        _("Sectors to recruit"),
        columns,
        rows,
        nothing=nothing,
        all_=len(pack.recruitments),
    )


def _measures(pack: Pack, today: date) -> PaperSection:
    columns = [
        Column(_("Measure"), Width.WIDE),
        Column(_("Latest"), Width.SAID),
        Column(_("Next reading"), Width.SAID),
    ]
    rows = [
        (each.title, measures_labels.latest_words(each, today), _next_reading(each, today))
        for each in pack.measures[:MOST_MEASURES]
    ]
    nothing = _("No measures yet.")
    return _section(
        "reports-measures", _("Measures"), columns, rows, nothing=nothing, all_=len(pack.measures)
    )


def _next_reading(fact: MeasureFact, today: date) -> Cell | str:
    end = fact.course.target_on
    if end is not None and fact.last_on >= end:
        return _("none: this was the last reading")
    day = fact.last_on + DUE_AFTER
    return Cell(day_text(day, today), "late") if day <= today else day_text(day, today)


def _people(pack: Pack) -> PaperSection:
    """Returns people by role with contact data, and the groups with their leads; the file lists everyone."""
    columns = [Column(_("Name"), Width.WIDE), Column(_("Role")), Column(_("How to reach them"), Width.WIDE)]
    rows = [
        (
            Cell(each.name, "", each.organization),
            Cell(str(ROLE_LABELS[each.role]), "", ", ".join(each.positions)),
            " · ".join(way for way in (each.phone, each.email) if way) or _("no address known"),
        )
        for each in pack.people[:MOST_PEOPLE]
    ]
    said = []
    if (rest := len(pack.people) - len(rows)) > 0:
        said.append(
            _("%(number)s more are in %(file)s in the zip file.", number=number(rest), file="people.csv")
        )
    for group in pack.groups:
        lead = _("led by %(name)s", name=group.lead) if group.lead else _("no owner")
        count = ngettext("%(num)s person", "%(num)s people", group.members)
        said.append(_("%(group)s: %(lead)s, %(count)s", group=group.name, lead=lead, count=count))
    heading = _("People and roles")
    if not rows:
        return PaperSection("reports-people", heading, texts=[_("No members yet.")], points=said)
    return PaperSection("reports-people", heading, points=said, tables=[Table(heading, columns, rows)])
