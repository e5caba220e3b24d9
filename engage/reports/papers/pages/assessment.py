"""Writes the community assessment as a report, with only those results of a release that the reader may see."""

from collections.abc import Sequence
from datetime import date

from engage import clock
from engage.assessment.results import sentences
from engage.assessment.results.pages import bars, tables
from engage.assessment.results.pages.comparison import comparison
from engage.assessment.results.queries.closed import Results
from engage.assessment.results.queries.earlier import earlier_results, latest_comparable
from engage.assessment.results.sentences import ResultFinding
from engage.coalitions.labels import paper_of
from engage.coalitions.models import Coalition
from engage.dates import as_of, long_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.web.paper.rules import Cell, Column, Paper, PaperSection, Table, Width


def assessment_report(coalition: Coalition, shown: Results, today: date, *, indicators: bool) -> Paper:
    """Builds the report; `indicators` adds the statements that stand out, for readers who may see them."""
    closed_on = closing_day(shown, coalition)
    of = _("closed on %(day)s, %(as_of)s", day=long_day(closed_on), as_of=as_of(today))
    paper = paper_of(coalition, _("Community assessment"), shown.round.title, of, [])
    if not shown.is_shown:
        return paper.with_(lead=_("Too few people answered to show anything."))
    sections = [_areas(shown)] if shown.questions.areas else []
    if indicators:
        sections += [*_findings(shown), *_options(shown)]
    if (before := latest_comparable(shown, earlier_results(shown))) is not None:
        sections.append(changes(before, shown, coalition))
    return paper.with_(lead=_lead(shown), sections=sections, notes=_notes(shown))


def closing_day(shown: Results, coalition: Coalition) -> date:
    closed_at = shown.round.closed_at
    assert closed_at is not None
    return clock.local_day(closed_at, coalition.time_zone)


def _lead(shown: Results) -> str:
    said = [ngettext("%(num)s person answered.", "%(num)s people answered.", shown.release.respondents)]
    if (weakest := sentences.weakest(shown)) is not None:
        said.append(_("Weakest: %(area)s (%(number)s).", area=weakest.area, number=weakest.number))
    if (strongest := sentences.strongest(shown)) is not None:
        said.append(_("Strongest: %(area)s (%(number)s).", area=strongest.area, number=strongest.number))
    if note := sentences.link_note(shown):
        said.append(note)
    return " ".join(said)


def _areas(shown: Results) -> PaperSection:
    found = tables.areas(shown)
    columns = [Column(found.corner, Width.WIDE)]
    columns += [
        Column(each.label if each.n is None else f"{each.label} ({each.n})", Width.SQUARE)
        for each in found.columns
    ]
    rows: list[list[str | Cell]] = [
        [
            row.label,
            *(Cell(each.number or "–", each.kind, each.word if each.number else "") for each in row.cells),
        ]
        for row in found.rows
    ]
    return PaperSection("reports-areas", _("Focus areas"), tables=[Table(found.caption, columns, rows)])


def _findings(shown: Results) -> list[PaperSection]:
    parts: list[tuple[str, str, Sequence[ResultFinding]]] = [
        ("gaps", _("Biggest gaps"), sentences.gaps(shown)),
        ("strengths", _("Greatest strengths"), sentences.strengths(shown)),
        ("differ", _("Where we differ most"), sentences.disagreements(shown)),
    ]
    columns = [Column(_("Statement"), Width.WIDE), Column(_("What people said"), Width.WIDE)]
    return [
        PaperSection(
            f"reports-{key}",
            heading,
            tables=[
                Table(
                    heading,
                    columns,
                    [(Cell(each.question.title, "", each.area.short), each.detail) for each in found],
                )
            ],
        )
        for key, heading, found in parts
        if found
    ]


def _options(shown: Results) -> list[PaperSection]:
    """Returns the questions with options, each with how many people chose each option."""
    columns = [Column(_("Answer"), Width.WIDE), Column(_("People"), Width.NUMBER)]
    return [
        PaperSection(
            f"reports-option-{number}",
            each.question.title,
            texts=[each.question.statement, " ".join(filter(None, [each.sentence, each.held_back]))],
            tables=[Table(each.question.title, columns, [(bar.label, bar.number) for bar in each.bars])]
            if each.bars
            else [],
        )
        for number, each in enumerate(bars.bars(shown), 1)
    ]


def changes(before: Results, after: Results, coalition: Coalition) -> PaperSection:
    """Returns the changes in each area since an earlier round, for all respondents together."""
    found = comparison(before, after, [])
    columns = [
        Column(_("Focus area"), Width.WIDE),
        Column(long_day(closing_day(before, coalition)), Width.SQUARE),
        Column(long_day(closing_day(after, coalition)), Width.SQUARE),
        Column(_("Changes over time"), Width.TEXT),
    ]
    rows = [
        (
            part.name,
            Cell(part.line.before.number or "–", part.line.before.kind, part.line.before.word),
            Cell(part.line.after.number or "–", part.line.after.kind, part.line.after.word),
            Cell(part.line.moved, "", part.line.note),
        )
        for part in found.parts
    ]
    heading = _("Since “%(round)s”", round=before.round.title)
    counts = _(
        "Of the statements that both rounds asked, %(up)s went up, %(down)s went down, and %(same)s stayed the same.",
        up=found.up,
        down=found.down,
        same=found.same,
    )
    return PaperSection("reports-changes", heading, texts=[counts], tables=[Table(heading, columns, rows)])


def _notes(shown: Results) -> list[str]:
    return [
        _(
            "From 0 (absent) to 4 (sustained): the average of each statement's median rating, or "
            "of the value you agreed on."
        ),
        _(
            "No one's own answers are shown. A group of fewer than %(k)s people, or with too few "
            "ratings, is left out and looks the same as an empty one.",
            k=shown.round.k,
        ),
        *filter(None, [sentences.groups_note(shown)]),
    ]
