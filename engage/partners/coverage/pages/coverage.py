"""Builds the coverage page: a summary, the grid as a picture and as a table, and the change over time."""

from collections import defaultdict
from collections.abc import Iterable
from urllib.parse import urlencode

from flask import url_for
from msgspec import Struct

from engage.content.loader import content
from engage.dates import long_day, medium_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.coverage import rules as coverage_rules
from engage.partners.coverage.pages.picture import Columns, columns
from engage.partners.coverage.recruitments.labels import outreach_title, recruitment_name
from engage.partners.coverage.recruitments.service import RecruitmentLine
from engage.partners.coverage.rules import (
    CellState,
    Coverage,
    CoverageCell,
    CoveragePoint,
    SectorRow,
    Somebody,
)
from engage.partners.labels import LEVEL_LABELS, level_words
from engage.partners.rules import Level
from engage.web.csv_files import Field
from engage.web.lists import Choice

TABLE = "table"
STANDING_TINTS = {
    CellState.EMPTY: "cover-empty",
    CellState.ACTIVE: "heat-building",
    CellState.FIRM: "heat-strength",
    CellState.NONE: "cover-none",
}
# An expected sector with no one active is highlighted more than an empty focus area.
MISSING_TINT = "heat-need"


class CoverageSquare(Struct, frozen=True):
    """A cell of the picture. An empty cell offers `steps`, each as (short words, long words, address)."""

    label: str
    tint: str
    number: str
    word: str
    area: str = ""
    more: str = ""
    # This address shows the steps for the cell; it is empty for a cell without steps.
    url: str = ""
    directory: str = ""
    recruitment: tuple[str, str] | None = None
    steps: tuple[tuple[str, str, str], ...] = ()


class Member(Struct, frozen=True):
    """An organization in the table, or the number of people who represent only themselves (without an address)."""

    name: str
    url: str
    detail: str


class SectorLine(Struct, frozen=True):
    """A sector in the grid and the table."""

    key: str
    sector: str
    note: str
    url: str
    squares: tuple[CoverageSquare, ...]
    active: tuple[Member, ...]
    inactive: tuple[Member, ...]
    # Only empty cells have links; if no one is active at all (`is_missing`), only the whole sector has one.
    is_missing: bool
    empty: tuple[CoverageSquare, ...]
    recruitments: tuple[tuple[str, str], ...]


class ChosenCell(Struct, frozen=True):
    """The chosen cell, or a whole sector with its empty focus areas: who is there, and what can be done."""

    line: SectorLine
    square: CoverageSquare
    empty: tuple[CoverageSquare, ...]


class CoveragePage(Struct, frozen=True):
    now: CoveragePoint
    sentence: str
    firm: str
    rule: str
    # A sentence and the address of the cell to fill first; None where there is nothing to fill.
    first: tuple[str, str] | None
    columns: list[str]
    lines: list[SectorLine]
    as_table: bool
    shows: list[Choice]
    picture: Columns | None
    chosen: ChosenCell | None


def coverage_page(
    coverage: Coverage,
    recruitments: list[RecruitmentLine],
    show: str,
    asked: tuple[str, str] = ("", ""),
    *,
    may_work: bool,
) -> CoveragePage:
    """Builds the page; `asked` are the keys of the chosen sector and focus area."""
    as_table = show == TABLE
    at = url_for("partners.coverage")
    all_lines = _Lines(coverage, recruitments, may_work=may_work)
    lines = all_lines.all()
    return CoveragePage(
        now=coverage.now,
        sentence=sentence(coverage),
        firm=_firm(coverage.now),
        rule=rule_words(coverage.months),
        first=all_lines.first() if may_work else None,
        columns=[_("The sector"), *(area.short for area in content().areas)],
        lines=lines,
        as_table=as_table,
        shows=[
            Choice(_("As a picture"), at, not as_table),
            Choice(_("As a table"), f"{at}?show={TABLE}", as_table),
        ],
        picture=columns(coverage.over_time()),
        chosen=_chosen(lines, *asked),
    )


def _chosen(lines: Iterable[SectorLine], sector: str, area: str) -> ChosenCell | None:
    """Returns the chosen cell; None for keys that no cell has."""
    line = next((each for each in lines if each.key == sector), None)
    square = next((each for each in line.squares if each.area == area), None) if line is not None else None
    if line is None or square is None:
        return None
    empty = [each for each in line.empty if each.area] if not area else []
    return ChosenCell(line, square, tuple(empty))


# -- sentences


def sentence(coverage: Coverage) -> str:
    """Returns a sentence such as "7 of 15 expected sectors have someone active since May 25, 2026"."""
    now = coverage.now
    return ngettext(
        "%(num)s of %(total)s expected sectors has been active since %(day)s.",
        "%(num)s of %(total)s expected sectors have been active since %(day)s.",
        now.active,
        total=now.total,
        day=long_day(coverage.since),
    )


def _firm(now: CoveragePoint) -> str:
    return ngettext(
        "In %(num)s of them the relationship is strong: level 3 (Coordination) or higher, or "
        "a signed agreement.",
        "In %(num)s of them the relationship is strong: level 3 (Coordination) or higher, or "
        "a signed agreement.",
        now.firm,
    )


def rule_words(months: int) -> str:
    """Says what makes an organization active."""
    return ngettext(
        "An organization is active if, in the last month, someone logged a conversation with "
        "it, it was at a meeting, it signed or renewed an agreement, or one of its people "
        "joined and is still a member. People who come on their own are active when they "
        "came to a meeting or joined.",
        "An organization is active if, in the last %(num)s months, someone logged a "
        "conversation with it, it was at a meeting, it signed or renewed an agreement, or "
        "one of its people joined and is still a member. People who come on their own are "
        "active when they came to a meeting or joined.",
        months,
    )


# -- the grid


class _Lines:
    """The lines of one page; words and addresses that many cells have in common are made only once."""

    def __init__(
        self, coverage: Coverage, recruitments: Iterable[RecruitmentLine], *, may_work: bool
    ) -> None:
        words = content()
        self.coverage = coverage
        self.may_work = may_work
        self.sectors = {each.key: each.name for each in words.sectors}
        self.areas = {each.key: each.name for each in words.areas}
        self.levels = {level: str(label) for level, label in LEVEL_LABELS.items()}
        self.directory = url_for("partners.index")
        self.coverage_at = url_for("partners.coverage")
        self.new_recruitment = url_for("partners.new_recruitment")
        self.new_action = url_for("plan.new_action")
        self.recruitments_at = url_for("partners.recruitments")
        self.recruitments: dict[tuple[str, str], RecruitmentLine] = {}
        self.of_sector: dict[str, list[RecruitmentLine]] = defaultdict(list)
        for recruitment in recruitments:
            self.recruitments.setdefault((recruitment.sector, recruitment.area), recruitment)
            self.of_sector[recruitment.sector].append(recruitment)

    def all(self) -> list[SectorLine]:
        return [self._line(row) for row in self.coverage.rows]

    def first(self) -> tuple[str, str] | None:
        cell = self.coverage.first_to_fill(self.recruitments.keys())
        if cell is None:
            return None
        sector = self.sectors[cell.sector]
        said = (
            _(
                "Fill first: %(sector)s for %(area)s, the focus area with the fewest partners.",
                area=self.areas[cell.area],
                sector=sector,
            )
            if cell.area
            else _("Fill first: %(sector)s. No one there is active.", sector=sector)
        )
        return said, self._here(cell)

    def _line(self, row: SectorRow) -> SectorLine:
        squares = tuple(self._square(cell, expected=row.expected) for cell in (row.whole, *row.areas))
        empty = [
            square
            for cell, square in zip((row.whole, *row.areas), squares, strict=True)
            # If no one is active at all, the sector as a whole is missing.
            if square.steps and (not row.whole.is_empty or cell is row.whole)
        ]
        return SectorLine(
            key=row.sector,
            sector=self.sectors[row.sector],
            note="" if row.expected else _("not expected here"),
            url=self._here(row.whole),
            squares=squares,
            active=self._members(row.whole.active, active=True),
            inactive=self._members(row.whole.inactive, active=False),
            is_missing=row.whole.is_empty,
            empty=tuple(empty),
            recruitments=tuple(
                (self._recruitment_words(recruitment), f"{self.recruitments_at}{recruitment.id}/")
                for recruitment in self.of_sector[row.sector]
            ),
        )

    def _square(self, cell: CoverageCell, *, expected: bool) -> CoverageSquare:
        label = recruitment_name(self.sectors[cell.sector], self.areas.get(cell.area, ""))
        if cell.standing is CellState.NONE:
            return CoverageSquare(
                label, STANDING_TINTS[cell.standing], "", _("people, no organizations"), cell.area
            )
        tint = STANDING_TINTS[cell.standing]
        if cell.is_empty and expected and cell.area == coverage_rules.WHOLE:
            tint = MISSING_TINT
        recruitment = self.recruitments.get((cell.sector, cell.area))
        return CoverageSquare(
            label=label,
            tint=tint,
            number=_("%(part)s of %(total)s", part=len(cell.active), total=cell.known) if cell.known else "0",
            word=self._word(cell),
            area=cell.area,
            more=_("agreement signed") if cell.signed else "",
            url=self._here(cell),
            directory=self._in_directory(cell) if cell.known else "",
            recruitment=(self._asked_words(recruitment), f"{self.recruitments_at}{recruitment.id}/")
            if recruitment is not None
            else None,
            steps=self._steps(cell, label) if cell.is_empty and recruitment is None and self.may_work else (),
        )

    def _word(self, cell: CoverageCell) -> str:
        if not cell.known:
            return _("no one")
        if cell.is_empty:
            return _("not active")
        if all(each.organization_id is None for each in cell.active):
            return _("taking part")
        return self.levels[Level(cell.level)] if cell.level is not None else _("level not given")

    def _steps(self, cell: CoverageCell, label: str) -> tuple[tuple[str, str, str], ...]:
        """Returns links to partly filled-in forms; an organization that is the only one known is chosen."""
        place = {"sector": cell.sector, "area": cell.area}
        known = cell.inactive[0] if len(cell.inactive) == 1 and cell.inactive[0].organization_id else None
        more = {"organization": str(known.organization_id)} if known is not None else {}
        title = outreach_title(label, known.name if known is not None else "")
        asked = urlencode({name: value for name, value in {**place, **more}.items() if value})
        return (
            (_("Invite"), _("Invite someone: %(place)s", place=label), f"{self.new_recruitment}?{asked}"),
            (
                _("Reach out"),
                _("Reach out: %(place)s", place=label),
                f"{self.new_action}?{urlencode({'title': title, **more})}",
            ),
        )

    def _here(self, cell: CoverageCell) -> str:
        asked = {"sector": cell.sector, "area": cell.area}
        chosen = urlencode({name: value for name, value in asked.items() if value})
        return f"{self.coverage_at}?{chosen}#partners-chosen"

    def _in_directory(self, cell: CoverageCell) -> str:
        asked = {"sector": cell.sector, "area": cell.area}
        return f"{self.directory}?{urlencode({name: value for name, value in asked.items() if value})}"

    def _members(self, known: Iterable[Somebody], *, active: bool) -> tuple[Member, ...]:
        found, people = [], 0
        for each in known:
            if each.organization_id is None:
                people += 1
                continue
            url = f"{self.directory}{each.organization_id}/"
            found.append(Member(each.name, url, self._detail(each, active=active)))
        if people:
            words = ngettext("%(num)s person on their own", "%(num)s people on their own", people)
            found.append(Member(words, "", ""))
        return tuple(found)

    def _detail(self, each: Somebody, *, active: bool) -> str:
        """Says how firm the relationship is and what the organization works on; if inactive, since when."""
        today = self.coverage.today
        parts = [level_words(each.level) or _("level not given")]
        if each.is_signed_on(today):
            parts.append(_("agreement signed"))
        areas = [name for key, name in self.areas.items() if key in each.areas]
        parts.append(", ".join(areas) if areas else _("no focus area given"))
        if not active:
            last = each.last_day(today)
            parts.append(_("last on %(day)s", day=medium_day(last)) if last else _("nothing on record yet"))
        return " · ".join(parts)

    def _asked_words(self, recruitment: RecruitmentLine) -> str:
        if recruitment.ask_by is None:
            return _("Sector to recruit")
        if coverage_rules.is_late(recruitment.ask_by, recruitment.closed_on, self.coverage.today):
            return _("To recruit, late since %(day)s", day=medium_day(recruitment.ask_by))
        return _("To recruit by %(day)s", day=medium_day(recruitment.ask_by))

    def _recruitment_words(self, recruitment: RecruitmentLine) -> str:
        words = self._asked_words(recruitment)
        return (
            recruitment_name(words, self.areas[recruitment.area]) if recruitment.area in self.areas else words
        )


# -- as a file


def table(coverage: Coverage, recruitments: Iterable[RecruitmentLine]) -> tuple[list[str], list[list[Field]]]:
    """Returns a line for each sector as a whole, and for each of its focus areas."""
    words = content()
    sectors = {each.key: each.name for each in words.sectors}
    areas = {coverage_rules.WHOLE: _("All focus areas"), **{each.key: each.name for each in words.areas}}
    asked = {
        (recruitment.sector, recruitment.area): recruitment for recruitment in reversed(list(recruitments))
    }
    head = [
        _("Sector"),
        _("Expected"),
        _("Focus area"),
        _("Active"),
        _("Known"),
        _("Best level"),
        _("Agreement signed"),
        _("Who is active"),
        _("Who is not active"),
        _("To recruit, ask by"),
    ]
    rows: list[list[Field]] = []
    for row in coverage.rows:
        for cell in (row.whole, *row.areas):
            if cell.standing is CellState.NONE:
                continue
            recruitment = asked.get((cell.sector, cell.area))
            rows.append(
                [
                    sectors[cell.sector],
                    _("yes") if row.expected else _("no"),
                    areas[cell.area],
                    len(cell.active),
                    cell.known,
                    cell.level,
                    _("yes") if cell.signed else _("no"),
                    "; ".join(each.name for each in cell.active if each.name),
                    "; ".join(each.name for each in cell.inactive if each.name),
                    _recruitment_field(recruitment),
                ]
            )
    return head, rows


def _recruitment_field(recruitment: RecruitmentLine | None) -> str:
    if recruitment is None:
        return ""
    return recruitment.ask_by.isoformat() if recruitment.ask_by is not None else _("no date")
