"""Writes the sections on activities: by kind, by audience, by place and by language.

A table without any values is left out.
"""

from collections.abc import Mapping, Sequence

from flask_babel import gettext as _

from engage.plan.activities import words as activities_words
from engage.plan.feedback import pages as feedback_pages
from engage.plan.feedback.queries import ToldFeedback
from engage.plan.feedback.rules import Moment
from engage.plan.feedback.words import MOMENT_WORDS
from engage.reports.funder.queries.events import Held
from engage.reports.funder.rules import Sum
from engage.reports.rules.paper import Column, Field, Section, Table, Width
from engage.reports.words import shown


def kinds(found: Held, small: bool, feedback: Mapping[int, ToldFeedback]) -> Section:
    heading = _("Activities by kind")
    if not found.lines:
        return _none("reports-activities", heading)
    rows = [(str(activities_words.KIND_WORDS[kind]), each) for kind, each in found.kinds.items()]
    rows += [(_("Total"), found.whole)] if len(rows) > 1 else []
    fields: list[list[Field]] = [
        [label, each.activities, reached(each, small), each.hours, each.materials] for label, each in rows
    ]
    heads = [_("Activities"), _("People reached"), _("Hours"), _("Materials handed out")]
    table = _table(heading, _("Kind"), heads, fields, has_total=len(rows) > 1)
    return Section("reports-activities", heading, tables=[table, *_feedback(found, feedback)])


def _feedback(found: Held, feedback: Mapping[int, ToldFeedback]) -> list[Table]:
    """Returns what people said about events, with a row for each question; small counts are held back here, too."""
    rows = [
        [f"{line.title}: {each.text}", *(_said(each, moment) for moment in Moment)]
        for line in found.lines
        if line.id in feedback
        for each in feedback_pages.results_of(feedback[line.id], line.title)
    ]
    heads = [str(MOMENT_WORDS[moment]) for moment in Moment]
    fields: list[list[Field]] = [list(row) for row in rows]
    caption = _("What people said about events")
    columns = [Column(_("Event and question"), Width.WIDE), *(Column(head) for head in heads)]
    return [Table(caption, columns, rows, fields=fields)] if rows else []


def _said(result: feedback_pages.Result, moment: Moment) -> str:
    """Returns words such as "Yes 12, No 3"; "" if it was not asked or nothing may be shown."""
    when = str(MOMENT_WORDS[moment])
    return ", ".join(
        f"{bar.label} {bar.number}" for side, bars in result.sides if side == when for bar in bars.bars
    )


def audiences(found: Held, small: bool) -> Section:
    heading = _("Activities by audience")
    if not found.lines:
        return _none("reports-audiences", heading)
    if not any(found.audiences):
        return Section("reports-audiences", heading, texts=[_("No audience is given.")])
    names = {
        key: activities_words.discipline_name(key) or _("Not given, or the public") for key in found.audiences
    }
    said = _(
        "An activity for several audiences counts once for each of them, so these numbers do not add up to a total."
    )
    table = _by(heading, _("For"), {names[key]: each for key, each in _largest_first(found.audiences)}, small)
    return Section("reports-audiences", heading, texts=[said], tables=[table])


def places(found: Held, small: bool) -> Section:
    """Returns what was held by county, and by language."""
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
    return Section("reports-places", heading, texts=said, tables=tables)


def _none(id_: str, heading: str) -> Section:
    return Section(id_, heading, texts=[_("No activity is logged in these dates.")])


def _largest_first(found: Mapping[str, Sum]) -> list[tuple[str, Sum]]:
    """Returns the sums, those with the most activities first, and the one without a value last."""
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

    Since readers can choose the dates, the difference of two sums would reveal how many a small activity
    reached.
    """
    if small:
        return found.reached
    return found.handed_out or (_("too few to show") if found.reached else 0)
