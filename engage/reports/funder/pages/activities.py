"""Writes the sections on activities: by kind, by audience, by place and by language.

A table without any values is left out.
"""

from collections.abc import Mapping, Sequence

from engage.i18n import gettext as _
from engage.plan.activities import labels as activities_labels
from engage.plan.feedback import pages as feedback_pages
from engage.plan.feedback.labels import MOMENT_LABELS
from engage.plan.feedback.queries import ToldFeedback
from engage.plan.feedback.rules import Moment
from engage.reports.funder.queries.events import HeldEvent
from engage.reports.funder.rules import Sum
from engage.reports.labels import shown
from engage.web.paper.rules import Column, Field, PaperSection, Table, Width


def kinds(found: HeldEvent, small: bool, feedback: Mapping[int, ToldFeedback]) -> PaperSection:
    heading = _("Activities by kind")
    if not found.lines:
        return _none("reports-activities", heading)
    rows = [(str(activities_labels.KIND_LABELS[kind]), each) for kind, each in found.kinds.items()]
    rows += [(_("Total"), found.whole)] if len(rows) > 1 else []
    fields: list[list[Field]] = [
        [label, each.activities, reached(each, small), each.hours, each.materials] for label, each in rows
    ]
    heads = [_("Activities"), _("People reached"), _("Hours"), _("Materials handed out")]
    table = _table(heading, _("Kind"), heads, fields, has_total=len(rows) > 1)
    return PaperSection("reports-activities", heading, tables=[table, *_feedback(found, feedback)])


def _feedback(found: HeldEvent, feedback: Mapping[int, ToldFeedback]) -> list[Table]:
    """Returns what people said about events, with a row for each question; small counts are withheld here."""
    rows = [
        [f"{line.title}: {each.text}", *(_said(each, moment) for moment in Moment)]
        for line in found.lines
        if line.id in feedback
        for each in feedback_pages.results_of(feedback[line.id], line.title)
    ]
    heads = [str(MOMENT_LABELS[moment]) for moment in Moment]
    fields: list[list[Field]] = [list(row) for row in rows]
    caption = _("What people said about events")
    columns = [Column(_("Event and question"), Width.WIDE), *(Column(head) for head in heads)]
    return [Table(caption, columns, rows, fields=fields)] if rows else []


def _said(result: feedback_pages.FeedbackResult, moment: Moment) -> str:
    """Returns words such as "Yes 12, No 3"; "" if it was not asked or nothing may be shown."""
    when = str(MOMENT_LABELS[moment])
    return ", ".join(
        f"{bar.label} {bar.number}" for side, bars in result.sides if side == when for bar in bars.bars
    )


def audiences(found: HeldEvent, small: bool) -> PaperSection:
    heading = _("Activities by audience")
    if not found.lines:
        return _none("reports-audiences", heading)
    if not any(found.audiences):
        return PaperSection("reports-audiences", heading, texts=[_("No audience is given.")])
    names = {
        key: activities_labels.discipline_name(key) or _("Not given, or the public")
        for key in found.audiences
    }
    said = _(
        "An activity for several audiences counts once for each of them, so these numbers do not add up to a total."
    )
    table = _by(heading, _("For"), {names[key]: each for key, each in _largest_first(found.audiences)}, small)
    return PaperSection("reports-audiences", heading, texts=[said], tables=[table])


def places(found: HeldEvent, small: bool) -> PaperSection:
    """Returns the activities by county, and by language."""
    heading = _("Activities by county and language")
    if not found.lines:
        return _none("reports-places", heading)
    tables = [
        _by(label, label, {name or nothing: each for name, each in _largest_first(found.by(column))}, small)
        for column, label, nothing in (
            ("county", _("County"), _("County not given")),
            ("language", _("Language"), _("Language not given")),
        )
        if any(found.by(column))
    ]
    said = [] if tables else [_("No county or language is given.")]
    return PaperSection("reports-places", heading, texts=said, tables=tables)


def _none(id_: str, heading: str) -> PaperSection:
    return PaperSection(id_, heading, texts=[_("No activity is logged for these dates.")])


def _largest_first(found: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    """Returns the sums by value: the largest number of activities first, activities without a value last."""
    return sorted(found.items(), key=lambda each: (not each[0], -each[1].activities, each[0]))


def _by(caption: str, first: str, rows: Mapping[str, Sum], small: bool) -> Table:
    fields: list[list[Field]] = [
        [label, each.activities, reached(each, small)] for label, each in rows.items()
    ]
    return _table(caption, first, [_("Activities"), _("People reached")], fields)


def _table(
    caption: str, first: str, heads: Sequence[str], fields: list[list[Field]], *, has_total: bool = False
) -> Table:
    columns = [Column(first, Width.WIDE), *(Column(head, Width.NUMBER) for head in heads)]
    rows = [[shown(each) for each in row] for row in fields]
    return Table(caption, columns, rows, has_total=has_total, fields=fields)


def reached(found: Sum, small: bool) -> int | str:
    """Returns how many people were reached; the version to hand out leaves out small activities.

    Readers can choose the dates, so the difference of two sums would reveal how many a small activity
    reached.
    """
    if small:
        return found.reached
    return found.handed_out or (_("too few to show") if found.reached else 0)
