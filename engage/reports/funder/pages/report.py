"""Writes the report for a funder: counts over any dates, in the order of a layout, with people's texts.

Numbers are totals. In the version to hand out, activities that reached fewer people than the smallest group
that is ever shown add nothing, and a viewer never sees another version.
"""

from collections.abc import Iterable, Mapping, Sequence

from msgspec.structs import replace

from engage.coalitions.labels import paper_of
from engage.coalitions.models import Coalition, Membership
from engage.i18n import gettext as _
from engage.plan.measures.rules import FEWEST_SHOWN
from engage.reports.funder import labels
from engage.reports.funder.pages import activities, change, sections
from engage.reports.funder.pages.found import Found
from engage.reports.funder.rules import Part
from engage.reports.labels import reader
from engage.web.paper.rules import Cell, Field, Paper


def funder_report(
    membership: Membership,
    coalition: Coalition,
    found: Found,
    parts: Iterable[Part],
    texts: Mapping[Part, str],
) -> Paper:
    """Builds the report from the counts: these sections, in this order."""
    makers = {
        Part.FIGURES: lambda: sections.figures(found),
        Part.BEFORE: lambda: sections.compared(found),
        Part.ONCE: lambda: sections.once(found),
        Part.MEETINGS: lambda: sections.meetings(found),
        Part.ATTENDANCE: lambda: sections.attendance(found),
        Part.PEOPLE: lambda: sections.people(found),
        Part.PARTNERSHIPS: lambda: sections.partnerships(found),
        Part.AGREEMENTS: lambda: sections.agreements(found),
        Part.ACTIVITIES: lambda: activities.kinds(found.now.held, found.small, found.feedback),
        Part.AUDIENCES: lambda: activities.audiences(found.now.held, found.small),
        Part.PLACES: lambda: activities.places(found.now.held, found.small),
        Part.ACTIONS: lambda: sections.actions(found),
        Part.MEASURES: lambda: change.measures(
            reader(membership, names=found.small), found.period, found.today
        ),
        Part.CHANGES: lambda: change.assessment_change(membership, coalition, found.period),
    }
    paper = paper_of(
        coalition,
        _("Funder report"),
        _("What was done"),
        labels.whole_dates(found.period, found.today),
        [makers[part]() for part in parts],
    )
    return with_texts(paper.with_(notes=_notes(found.small)), texts)


def with_texts(paper: Paper, texts: Mapping[Part, str]) -> Paper:
    """Returns the paper with the texts, each in its section."""
    by_id = {f"reports-{part}": text for part, text in texts.items()}
    return paper.with_(sections=[replace(each, words=by_id.get(each.id, "")) for each in paper.sections])


def _notes(small: bool) -> list[str]:
    said = [
        _(
            "All numbers are totals from the coalition's own records. An attendance is one person at one "
            "meeting or event."
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


def sheets(paper: Paper) -> Iterable[tuple[str, Sequence[str], Sequence[Sequence[Field]]]]:
    """Yields (name, headings, rows) for each sheet: first the head and the texts, then each table."""
    about: list[Sequence[Field]] = [
        (_("Coalition"), paper.coalition),
        (_("Report"), paper.title),
        (_("Dates"), paper.of),
        *((section.heading, section.words) for section in paper.sections if section.words),
        *((_("Note"), note) for note in paper.notes),
    ]
    yield _("About this report"), [_("What"), _("Text")], about
    for section in paper.sections:
        for table in section.tables:
            rows = table.fields or [
                [cell.text if isinstance(cell, Cell) else cell for cell in row] for row in table.rows
            ]
            yield section.heading, table.heads or [column.label for column in table.columns], rows
