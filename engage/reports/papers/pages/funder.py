"""Writes the report for a funder: counts over any dates.

Numbers are totals. In the version to hand out, activities that reached fewer people than the smallest group
that is ever shown add none: a viewer never sees more.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.assessment import queries as assessment
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.earlier import earlier_results, latest_comparable
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.dates import long_day
from engage.meetings.moments import start_of_day
from engage.meetings.rules import MeetingKind
from engage.meetings.words import KIND_WORDS as MEETING_KINDS
from engage.partners.agreements.list import AgreementLine, agreements_of
from engage.partners.agreements.words import KIND_WORDS as AGREEMENT_KINDS
from engage.partners.rules import AgreementState
from engage.plan.actions.queries.done import done_between
from engage.plan.activities import queries as activities_queries
from engage.plan.activities import words as activities_words
from engage.plan.activities.queries import Filters
from engage.plan.activities.rules import ActivityKind, Totals, together
from engage.plan.measures import queries as measures_queries
from engage.plan.measures import words as measures_words
from engage.plan.measures.rules import FEWEST_SHOWN, MeasureFact, Point, standing
from engage.plan.overview.pages import outline
from engage.plan.rules import ActionStatus
from engage.plan.words import STATUS_WORDS
from engage.reports.papers import queries as papers_queries
from engage.reports.papers.pages import assessment as assessment_pages
from engage.reports.papers.queries import MeetingCounts, PeopleCounts
from engage.reports.rules.paper import Cell, Column, Field, Figure, Paper, Section, Table, Width
from engage.reports.rules.periods import Period
from engage.reports.words import as_of, between, counted, number, paper_of, reader


@dataclass(frozen=True)
class _Counted:
    """Everything that is counted, before it is put into words."""

    meetings: MeetingCounts
    people: PeopleCounts
    agreements: Sequence[AgreementLine]
    actions: Mapping[str, Mapping[ActionStatus, int]]
    done: Counter[str]
    kinds: Mapping[ActivityKind, Totals]
    trainings: Mapping[str, Totals]


def funder_report(
    membership: Membership, coalition: Coalition, period: Period, today: date, *, small: bool = False
) -> Paper:
    """Builds the report in a number of queries that does not grow with the counts.

    `small` adds small counts, for those who see them.
    """
    found = _Counted(
        meetings=papers_queries.meetings(membership, period),
        people=papers_queries.people(membership, period),
        agreements=[each for each in agreements_of(membership, today) if each.signed_on is not None],
        actions=papers_queries.actions(membership),
        done=Counter(each.area for each in done_between(membership, period.eve, period.until)),
        kinds=activities_queries.totals_of(membership, Filters(since=period.since, until=period.until)),
        trainings=papers_queries.trainings(membership, period),
    )
    of = f"{between(period.since, period.until)}, {as_of(today)}"
    sections = [
        _figures(found, period),
        _meetings(found.meetings),
        _attendance(found.meetings),
        _people(found.people, period),
        _agreements(found.agreements, period),
        _actions(found, today),
        _activities(found.kinds, small),
        *_trainings(found.trainings, small),
        _measures(reader(membership, names=small), period, today),
        _assessment(membership, coalition, period),
    ]
    paper = paper_of(coalition, _("Funder report"), _("What was done"), of, sections)
    return paper.with_(notes=_notes(small))


def _figures(found: _Counted, period: Period) -> Section:
    held, came = found.meetings.all_held, found.meetings.all_came
    signed = sum(period.has(each.signed_on) for each in found.agreements)
    done = sum(found.done.values())
    whole = together(found.kinds.values())
    return Section(
        "reports-figures",
        _("At a glance"),
        figures=[
            Figure(number(held), ngettext("meeting held", "meetings held", held)),
            Figure(number(came), ngettext("attendance", "attendances", came)),
            Figure(number(signed), ngettext("agreement signed", "agreements signed", signed)),
            Figure(number(done), ngettext("action done", "actions done", done)),
            Figure(number(whole.activities), ngettext("activity", "activities", whole.activities)),
        ],
    )


def _meetings(found: MeetingCounts) -> Section:
    heading = _("Meetings held")
    if not found.all_held:
        return Section("reports-meetings", heading, texts=[_("No meeting was held in these dates.")])
    rows = [
        (str(MEETING_KINDS[kind]), (found.held[kind], found.came.get(kind, 0)))
        for kind in MeetingKind
        if kind in found.held
    ]
    table = counted(heading, _("Kind"), [_("Meetings"), _("Attendances")], rows)
    return Section("reports-meetings", heading, tables=[table])


def _attendance(found: MeetingCounts) -> Section:
    heading = _("Attendance by sector")
    if not found.all_came:
        return Section("reports-attendance", heading, texts=[_("No attendance is recorded in these dates.")])
    names = {each.key: each.name for each in content().sectors}
    known = [key for key in (*names, "") if key in found.sectors]
    unknown = [key for key in found.sectors if key not in known]
    rows = [
        (
            names.get(key, key) or _("Sector not given"),
            (found.sectors[key].attendances, found.sectors[key].meetings),
        )
        for key in (*known, *unknown)
    ]
    sectors = sum(bool(key) for key in found.sectors)
    said = _(
        "%(came)s, from %(organizations)s in %(sectors)s.",
        came=ngettext("%(num)s attendance", "%(num)s attendances", found.all_came),
        organizations=ngettext("%(num)s organization", "%(num)s organizations", found.organizations),
        sectors=ngettext("%(num)s sector", "%(num)s sectors", sectors),
    )
    # A meeting counts for each sector that came: these numbers have no sum.
    heads = [_("Attendances"), _("Meetings with this sector")]
    table = counted(heading, _("Sector"), heads, rows, total=False)
    return Section("reports-attendance", heading, texts=[said], tables=[table])


def _people(found: PeopleCounts, period: Period) -> Section:
    heading = _("Members joined and left")
    rows = [
        (_("Members before %(day)s", day=long_day(period.since)), (found.before,)),
        (_("Joined"), (found.joined,)),
        (_("Left"), (found.left,)),
        (_("Members after %(day)s", day=long_day(period.until)), (found.after,)),
    ]
    table = counted(heading, _("Members"), [_("Number")], rows, total=False)
    return Section("reports-people", heading, tables=[table])


def _agreements(lines: Sequence[AgreementLine], period: Period) -> Section:
    heading = _("Agreements signed and ending")
    signed = Counter(each.kind for each in lines if period.has(each.signed_on))
    ending = Counter(each.kind for each in lines if _held(each) and period.has(each.ends_on))
    holding = Counter(each.kind for each in lines if _holds_on(each, period.until))
    rows = [
        (str(words), (signed[kind], ending[kind], holding[kind]))
        for kind, words in AGREEMENT_KINDS.items()
        if signed[kind] or ending[kind] or holding[kind]
    ]
    if not rows:
        return Section("reports-agreements", heading, texts=[_("No agreement was in force in these dates.")])
    heads = [_("Signed"), _("Ending"), _("In force on %(day)s", day=long_day(period.until))]
    return Section("reports-agreements", heading, tables=[counted(heading, _("Kind"), heads, rows)])


def _held(line: AgreementLine) -> bool:
    return line.state in {AgreementState.SIGNED, AgreementState.ENDED}


def _holds_on(line: AgreementLine, day: date) -> bool:
    if not _held(line) or line.signed_on is None or line.signed_on > day:
        return False
    if line.ends_on is None:
        return line.state is AgreementState.SIGNED
    return line.ends_on >= day


def _actions(found: _Counted, today: date) -> Section:
    heading = _("Actions by status and focus area")
    keys = [each.key for each in content().areas]
    keys += [*sorted({*found.actions, *found.done} - {*keys, ""}), ""]
    rows = [
        (
            outline.area_name(key) or key or _("Several areas, or none"),
            (*(found.actions.get(key, {}).get(status, 0) for status in ActionStatus), found.done[key]),
        )
        for key in keys
        if key in found.actions or found.done[key]
    ]
    if not rows:
        return Section("reports-actions", heading, texts=[_("No actions yet.")])
    heads = [*(str(STATUS_WORDS[status]) for status in ActionStatus), _("Done in these dates")]
    said = _(
        "The status of actions in open plans on %(day)s, and how many actions of all plans "
        "were done in these dates.",
        day=long_day(today),
    )
    table = counted(heading, _("Focus area"), heads, rows)
    return Section("reports-actions", heading, texts=[said], tables=[table])


def _activities(kinds: Mapping[ActivityKind, Totals], small: bool) -> Section:
    heading = _("Activities by kind")
    if not kinds:
        return Section("reports-activities", heading, texts=[_("No activity is logged in these dates.")])
    rows = [(str(activities_words.KIND_WORDS[kind]), totals) for kind, totals in kinds.items()]
    return Section("reports-activities", heading, tables=[_totals(heading, _("Kind"), rows, small)])


def _trainings(found: Mapping[str, Totals], small: bool) -> list[Section]:
    if not found:
        return []
    heading = _("Trainings by audience")
    rows = [
        (activities_words.discipline_name(key) or _("Several, or not given"), totals)
        for key, totals in sorted(found.items(), key=lambda each: (not each[0], -each[1].activities, each[0]))
    ]
    return [Section("reports-trainings", heading, tables=[_totals(heading, _("For"), rows, small)])]


def _totals(caption: str, first: str, rows: Sequence[tuple[str, Totals]], small: bool) -> Table:
    """Returns the table. In the version to hand out, activities that reached few people add none to any sum.

    Dates can be chosen, so a sum with them, less the sum of a day less, would tell what they reached.
    """
    heads = [_("Activities"), _("People reached"), _("Hours")]
    whole = together(totals for _label, totals in rows)
    if small or whole.handed_out == whole.reached:
        numbers = [(label, (each.activities, each.reached, each.hours)) for label, each in rows]
        return counted(caption, first, heads, numbers)
    fields: list[list[Field]] = [
        [label, each.activities, _handed_out(each), each.hours]
        for label, each in (*rows, (_("Total"), whole))
    ]
    return Table(
        caption,
        [Column(first, Width.WIDE), *(Column(head, Width.NUMBER) for head in heads)],
        [[each if isinstance(each, str) else number(_a_number(each)) for each in row] for row in fields],
        has_total=True,
        fields=fields,
    )


def _handed_out(totals: Totals) -> int | str:
    return totals.handed_out or (_("too few to show") if totals.reached else 0)


def _a_number(field: Field) -> float:
    assert isinstance(field, int | float)
    return field


def _measures(membership: Membership, period: Period, today: date) -> Section:
    heading = _("Measures with readings")
    facts = measures_queries.measures_of(membership, None, most=10_000)
    titles = papers_queries.objective_titles(membership)
    all_of_them = [each for found in facts.values() for each in found]
    shown = [each for each in (_within(fact, period) for fact in all_of_them) if each is not None]
    if not shown:
        return Section("reports-measures", heading, texts=[_("No measure has a reading in these dates.")])
    columns = [
        Column(_("Measure"), Width.WIDE),
        Column(_("Start")),
        Column(_("Latest reading in these dates")),
        Column(_("Target")),
        Column(_("Status")),
    ]
    rows = [_measure_row(fact, latest, titles, today) for fact, latest in shown]
    fields = [_measure_fields(fact, latest, titles) for fact, latest in shown]
    rest = len(all_of_them) - len(shown)
    said = ngettext(
        "%(num)s other measure has no reading in these dates.",
        "%(num)s other measures have no reading in these dates.",
        rest,
    )
    return Section(
        "reports-measures",
        heading,
        texts=[said] if rest else [],
        tables=[Table(heading, columns, rows, fields=fields)],
    )


def measure_heads() -> list[str]:
    """Returns the headings of the workbook, in which days and numbers have columns of their own."""
    return [
        _("Measure"),
        _("Objective"),
        _("Unit"),
        _("Start"),
        _("Started on"),
        _("Reading"),
        _("Read on"),
        _("Target"),
    ]


def _within(fact: MeasureFact, period: Period) -> tuple[MeasureFact, Point] | None:
    """Returns the measure with its last reading of these dates; None if it has none."""
    inside = [point for point in fact.points if period.has(point.day)]
    return (fact, inside[-1]) if inside else None


def _measure_row(
    fact: MeasureFact, latest: Point, titles: Mapping[int, str], today: date
) -> tuple[str | Cell, ...]:
    start = fact.course.baseline
    return (
        Cell(fact.title, "", titles.get(fact.objective_id, "")),
        measures_words.point_words(start, fact, today) if start is not None else "",
        measures_words.point_words(latest, fact, today),
        measures_words.target_words(fact, today),
        measures_words.standing_words(standing(fact.course, latest, today)),
    )


def _measure_fields(fact: MeasureFact, latest: Point, titles: Mapping[int, str]) -> list[Field]:
    start, few = fact.course.baseline, _("too few to show")
    return [
        fact.title,
        titles.get(fact.objective_id, ""),
        fact.unit,
        (start.value if start.value is not None else few) if start is not None else None,
        start.day if start is not None else None,
        latest.value if latest.value is not None else few,
        latest.day,
        fact.course.target,
    ]


def _assessment(membership: Membership, coalition: Coalition, period: Period) -> Section:
    """Returns the last round closed by the end of these dates, beside the one before it."""
    heading = _("Assessment")
    end = start_of_day(period.until + timedelta(days=1), coalition.time_zone)
    shown = _last_round(membership, end)
    if shown is None:
        return Section(
            "reports-changes", heading, texts=[_("No round of the assessment was closed by then.")]
        )
    title = _(
        "%(title)s, closed on %(day)s.",
        title=shown.round.title,
        day=long_day(assessment_pages.closing_day(shown, coalition)),
    )
    before = latest_comparable(shown, earlier_results(shown))
    if before is None:
        return Section(
            "reports-changes",
            heading,
            texts=[title, _("There is no earlier round yet to compare it with.")],
        )
    found = assessment_pages.changes(before, shown, coalition)
    return Section("reports-changes", heading, texts=[title, *found.texts], tables=found.tables)


def _last_round(membership: Membership, end: datetime) -> Results | None:
    closed = (
        each for each in assessment.closed_rounds(membership) if each.respondents and each.closed_at < end
    )
    last = next(closed, None)
    round_ = assessment.round_of(membership, last.id) if last is not None else None
    return Results.newest(round_, content()) if round_ is not None else None


def _notes(small: bool) -> list[str]:
    said = [
        _(
            "All numbers are totals from the coalition's own records. An attendance is one person at one meeting."
        )
    ]
    if small:
        return [*said, _("With small counts: for your own use only, not to hand out.")]
    few = _(
        "Activities that reached fewer than %(k)s people are not added to people reached, "
        "and small counts of measures are not shown.",
        k=FEWEST_SHOWN,
    )
    return [*said, few]


# -- as a workbook


def sheets(paper: Paper) -> Iterable[tuple[str, list[str], Sequence[Sequence[Field]]]]:
    """Yields (name, headings, rows) of each table."""
    for section in paper.sections:
        for table in section.tables:
            rows = table.fields or [
                [cell.text if isinstance(cell, Cell) else cell for cell in row] for row in table.rows
            ]
            is_of_measures = section.id == "reports-measures"
            heads = measure_heads() if is_of_measures else [column.label for column in table.columns]
            yield section.heading, heads, rows
