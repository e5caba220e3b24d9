"""A closed round's release as its pages show it: tables, findings, sentences. Counts nothing anew."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flask_babel import gettext as _
from flask_babel import ngettext

from engage.assessment import findings
from engage.assessment.models import Round, StoredRelease
from engage.assessment.questions import Question, QuestionArea, QuestionSet
from engage.assessment.releases import OTHERS, AreaCell, AreaResult, Cell, IndicatorResult, Release, Showing
from engage.assessment.rules import Rating
from engage.assessment.words import RESULT_WORDS, group_name, level_words, number_words
from engage.content.model import Content

# Ratings of these levels say that something is missing.
LOW = (0, 1)


@dataclass(frozen=True, slots=True)
class Column:
    label: str
    n: int | None


@dataclass(frozen=True, slots=True)
class Square:
    """A cell of a table of results; without a number it is hidden or empty, and nobody can tell which."""

    number: str | None
    word: str
    kind: str
    n: int | None = None


@dataclass(frozen=True, slots=True)
class Line:
    label: str
    url: str | None
    cells: tuple[Square, ...]


@dataclass(frozen=True, slots=True)
class Table:
    caption: str
    corner: str
    columns: tuple[Column, ...]
    rows: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A focus area and its number for All."""

    area: str
    number: str


@dataclass(frozen=True, slots=True)
class Finding:
    """An indicator that stands out, with what is to be said about it."""

    area: QuestionArea
    question: Question
    detail: str


@dataclass(frozen=True, slots=True)
class Spread:
    """One indicator's result. `counts` are the answers at each level, for All."""

    question: Question
    value: str | None
    word: str
    kind: str
    sentence: str
    counts: tuple[int, ...] | None
    levels: tuple[str, ...]
    dont_know: int | None
    unknown: str


@dataclass(frozen=True)
class Results:
    """A closed round with its release, its questions and the words of the content."""

    round: Round
    release: Release
    questions: QuestionSet
    content: Content
    people: Mapping[str, int]

    @classmethod
    def of(cls, round_: Round, stored: StoredRelease, content: Content) -> Results:
        results: dict[str, Any] = stored.results
        questions = QuestionSet.from_json(round_.questions)
        return cls(round_, Release.from_json(results), questions, content, results["people"])

    @property
    def is_shown(self) -> bool:
        return self.release.showing is not Showing.NOTHING

    @property
    def has_groups(self) -> bool:
        return self.release.showing is Showing.GROUPS

    # -- tables

    def areas(self, url: Callable[[str], str] | None = None) -> Table:
        """The focus areas by sector group; without groups, All and how far people agree."""
        rows = []
        for area in self.release.areas:
            cells = [_square(area.all)]
            if self.has_groups:
                cells += [_square(area.groups.get(group)) for group in self._groups]
            else:
                cells.append(_agreement(area.indicators))
            label = self._area(area.key).short
            rows.append(Line(label, url(area.key) if url else None, tuple(cells)))
        return Table(_("Focus areas by sector group"), _("Focus area"), self._columns, tuple(rows))

    def indicators(self, area: QuestionArea) -> Table | None:
        """An area's indicators by sector group; None where no group may be shown in it."""
        lines = self._lines(area)
        if not any(line.groups for line in lines):
            return None
        rows = []
        for line in lines:
            groups = (line.groups.get(group) for group in self._groups)
            cells = tuple(_square(cell, counted=True) for cell in (line.all, *groups))
            rows.append(Line(self._question(line.key)[1].title, f"#{line.key}", cells))
        caption = _("%(area)s by sector group", area=area.name)
        # Who the others are differs from line to line, so their number stands in each.
        columns = tuple(
            replace(column, n=None) if column.label == _("Others") else column for column in self._columns
        )
        return Table(caption, _("Statement"), columns, tuple(rows))

    @property
    def _groups(self) -> tuple[str, ...]:
        """Every sector group in its order, hidden ones too, so that hidden and empty look alike."""
        groups = tuple(group.key for group in self.content.sector_groups)
        return (*groups, OTHERS) if OTHERS in self.release.groups else groups

    @property
    def _columns(self) -> tuple[Column, ...]:
        first = Column(_("All"), self.release.respondents)
        if not self.has_groups:
            return first, Column(_("How far we agree"), None)
        names = (Column(group_name(key, self.content), self.people.get(key)) for key in self._groups)
        return (first, *names)

    # -- what stands out

    @property
    def weakest(self) -> Standing | None:
        return self._standing(findings.lowest_area(self.release))

    @property
    def strongest(self) -> Standing | None:
        """None also where only one area has a number, for it is the weakest already."""
        highest = self._standing(findings.highest_area(self.release))
        return None if highest == self.weakest else highest

    @property
    def biggest_gap(self) -> str | None:
        """How many rated the weakest indicator 0 or 1, in a sentence."""
        lines = findings.biggest_gaps(self.release, 1)
        low, total = _low(lines[0]) if lines else (0, 0)
        if not low:
            return None
        title = self._question(lines[0].key)[1].title
        return _("%(low)s of %(total)s rated “%(title)s” 0 or 1.", low=low, total=total, title=title)

    @property
    def gaps(self) -> list[Finding]:
        return self._findings(findings.biggest_gaps(self.release, 3), self._low_sentence)

    @property
    def strengths(self) -> list[Finding]:
        return self._findings(findings.greatest_strengths(self.release, 3), self._value_sentence)

    @property
    def disagreements(self) -> list[Finding]:
        return self._findings(findings.most_disagreement(self.release, 3), self._apart_sentence)

    @property
    def unknowns(self) -> list[Finding]:
        return self._findings(findings.most_unknown(self.release, 3), self._unknown_sentence)

    def spreads(self, area: QuestionArea) -> list[Spread]:
        return [self._spread(line) for line in self._lines(area)]

    # -- sentences

    def _spread(self, line: IndicatorResult) -> Spread:
        question = self._question(line.key)[1]
        shown = line.value is not None and line.word is not None
        return Spread(
            question=question,
            value=number_words(line.value) if line.value is not None else None,
            word=str(RESULT_WORDS[line.word]) if line.word is not None else _("not shown"),
            kind=line.word.value if line.word is not None else "hidden",
            sentence=self._apart_sentence(line) if shown else "",
            counts=line.counts,
            levels=tuple(level_words(rating, self.questions.scale) for rating in Rating),
            dont_know=line.dont_know,
            unknown=self._unknown_sentence(line) if line.dont_know is not None else "",
        )

    def _value_sentence(self, line: IndicatorResult) -> str:
        assert line.value is not None and line.word is not None
        return _(
            "The middle of %(n)s ratings is %(value)s, %(word)s.",
            n=line.all.n if line.all else 0,
            value=number_words(line.value),
            word=RESULT_WORDS[line.word],
        )

    def _low_sentence(self, line: IndicatorResult) -> str:
        said = self._value_sentence(line)
        low, total = _low(line)
        if not low:
            return said
        more = ngettext(
            "%(num)s of %(total)s rated it 0 or 1.", "%(num)s of %(total)s rated it 0 or 1.", low, total=total
        )
        return f"{said} {more}"

    def _apart_sentence(self, line: IndicatorResult) -> str:
        said = self._value_sentence(line)
        if line.lowest is None or line.highest is None:
            return said
        if line.lowest == line.highest:
            level = level_words(line.lowest, self.questions.scale)
            return " ".join([said, _("Everyone who rated it chose %(level)s.", level=level)])
        apart = _(
            "Ratings go from %(lowest)s to %(highest)s.",
            lowest=level_words(line.lowest, self.questions.scale),
            highest=level_words(line.highest, self.questions.scale),
        )
        return " ".join([said, apart, self._groups_sentence(line)]).strip()

    def _groups_sentence(self, line: IndicatorResult) -> str:
        """Which sector groups are farthest apart."""
        groups = sorted(line.groups.items(), key=lambda group: group[1].value)
        if len(groups) < 2 or groups[0][1].value == groups[-1][1].value:
            return ""
        (low, least), (high, most) = groups[0], groups[-1]
        return _(
            "%(high)s: %(most)s, %(low)s: %(least)s.",
            high=group_name(high, self.content),
            most=number_words(most.value),
            low=group_name(low, self.content),
            least=number_words(least.value),
        )

    def _unknown_sentence(self, line: IndicatorResult) -> str:
        known = {each.key for group in self.content.discipline_groups for each in group.disciplines}
        ask = [self.content.discipline(key).name for key in self._question(line.key)[1].ask if key in known]
        said = ngettext(
            "%(num)s of %(total)s do not know.",
            "%(num)s of %(total)s do not know.",
            line.dont_know or 0,
            total=line.respondents,
        )
        if not ask:
            return said
        return " ".join([said, _("Likely to know: %(people)s.", people=", ".join(ask))])

    # -- looking up

    def _standing(self, area: AreaResult | None) -> Standing | None:
        if area is None or area.all is None:
            return None
        return Standing(self._area(area.key).name, number_words(area.all.value))

    def _findings(
        self, lines: Sequence[IndicatorResult], sentence: Callable[[IndicatorResult], str]
    ) -> list[Finding]:
        return [Finding(*self._question(line.key), sentence(line)) for line in lines]

    def _lines(self, area: QuestionArea) -> tuple[IndicatorResult, ...]:
        return next((each.indicators for each in self.release.areas if each.key == area.key), ())

    def _area(self, key: str) -> QuestionArea:
        area = self.questions.area(key)
        assert area is not None
        return area

    def _question(self, key: str) -> tuple[QuestionArea, Question]:
        pair = self.questions.find(key)
        assert pair is not None
        return pair


def _low(line: IndicatorResult) -> tuple[int, int]:
    """How many rated it low, of how many."""
    counts = line.counts or ()
    return sum(count for level, count in enumerate(counts) if level in LOW), sum(counts)


def _square(cell: AreaCell | Cell | None, *, counted: bool = False) -> Square:
    if cell is None:
        return Square(None, _("not shown"), "hidden")
    # An area's n counts ratings of several indicators, which nobody could compare with the column's people.
    return Square(
        number_words(cell.value), str(RESULT_WORDS[cell.word]), cell.word.value, cell.n if counted else None
    )


def _agreement(lines: Iterator[IndicatorResult] | Sequence[IndicatorResult]) -> Square:
    """On how many of an area's indicators the ratings lie close together."""
    shown = [line for line in lines if line.counts is not None]
    if not shown:
        return Square(None, _("not shown"), "hidden")
    agreed = sum(not line.disagrees for line in shown)
    return Square(
        _("%(agreed)s of %(total)s", agreed=agreed, total=len(shown)), _("close together"), "agreement"
    )
