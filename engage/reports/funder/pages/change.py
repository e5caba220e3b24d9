"""Writes the sections on what changed: measures with readings, and the last round beside the previous one."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from engage.assessment import queries as assessment
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.earlier import earlier_results, latest_comparable
from engage.clock import start_of_day
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.measures import labels as measures_labels
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact, Point, measure_state
from engage.reports.funder.queries import counts
from engage.reports.papers.pages import assessment as assessment_pages
from engage.reports.rules import Period
from engage.web.paper.rules import Cell, Column, Field, PaperSection, Table, Width


def measures(membership: Membership, period: Period, today: date) -> PaperSection:
    heading = _("Measures with readings")
    facts = measures_queries.measures_of(membership, None, most=10_000)
    titles = counts.objective_titles(membership)
    all_of_them = [each for found in facts.values() for each in found]
    shown = [each for each in (_within(fact, period) for fact in all_of_them) if each is not None]
    if not shown:
        return PaperSection(
            "reports-measures", heading, texts=[_("No measure has a reading for these dates.")]
        )
    columns = [
        Column(_("Measure"), Width.WIDE),
        Column(_("Start"), Width.SAID),
        Column(_("Latest reading during these dates"), Width.SAID),
        Column(_("Target"), Width.SAID),
        Column(_("Status")),
    ]
    rows = [_measure_row(fact, latest, titles, today) for fact, latest in shown]
    fields = [_measure_fields(fact, latest, titles) for fact, latest in shown]
    rest = len(all_of_them) - len(shown)
    said = ngettext(
        "%(num)s other measure has no reading for these dates.",
        "%(num)s other measures have no reading for these dates.",
        rest,
    )
    return PaperSection(
        "reports-measures",
        heading,
        texts=[said] if rest else [],
        tables=[Table(heading, columns, rows, fields=fields, heads=measure_heads())],
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
        _("Date of reading"),
        _("Target"),
    ]


def _within(fact: MeasureFact, period: Period) -> tuple[MeasureFact, Point] | None:
    """Returns the measure with its last reading in the period; None if it has none."""
    inside = [point for point in fact.points if point.day in period]
    return (fact, inside[-1]) if inside else None


def _measure_row(
    fact: MeasureFact, latest: Point, titles: Mapping[int, str], today: date
) -> tuple[str | Cell, ...]:
    start = fact.course.baseline
    return (
        Cell(fact.title, "", titles.get(fact.objective_id, "")),
        measures_labels.point_words(start, fact, today) if start is not None else "",
        measures_labels.point_words(latest, fact, today),
        measures_labels.target_words(fact, today),
        measures_labels.state_words(measure_state(fact.course, latest, today)),
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


def assessment_change(membership: Membership, coalition: Coalition, period: Period) -> PaperSection:
    """Returns the last round that was closed by the end of the period, beside the previous round."""
    heading = _("Assessment")
    end = start_of_day(period.until + timedelta(days=1), coalition.time_zone)
    shown = _last_round(membership, end)
    if shown is None:
        return PaperSection(
            "reports-changes", heading, texts=[_("No round of the assessment was closed by then.")]
        )
    title = _(
        "%(title)s, closed on %(day)s.",
        title=shown.round.title,
        day=long_day(assessment_pages.closing_day(shown, coalition)),
    )
    before = latest_comparable(shown, earlier_results(shown))
    if before is None:
        return PaperSection(
            "reports-changes",
            heading,
            texts=[title, _("There is no earlier round yet to compare it with.")],
        )
    found = assessment_pages.changes(before, shown, coalition)
    return PaperSection("reports-changes", heading, texts=[title, *found.texts], tables=found.tables)


def _last_round(membership: Membership, end: datetime) -> Results | None:
    last = assessment.leading(each for each in assessment.closed_rounds(membership) if each.closed_at < end)
    round_ = assessment.round_of(membership, last.id) if last is not None else None
    return Results.newest(round_, content()) if round_ is not None else None
