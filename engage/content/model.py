"""Defines the content of one language as plain, frozen rows. Rows in the database refer to them by key."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final, Protocol, TypeVar

from msgspec import Struct
from msgspec.structs import replace

# The keys of a coalition's own sections begin with this.
OWN_SECTION = "own-"


class Audience(StrEnum):
    """The coalitions that a tip's item is meant for."""

    NEW = "new"
    EXISTING = "existing"
    BOTH = "both"


class ItemStructure(StrEnum):
    """The structure that a tip's item is for, where it is not for every coalition."""

    COALITION = "coalition"
    TASK_FORCE = "task_force"


class Basis(StrEnum):
    """The source of a tip's topic: the official toolkit names it, or we added it."""

    TOOLKIT = "toolkit"
    MORE_PRACTICES = "more_practices"


class SectorGroup(Struct, frozen=True):
    key: str
    name: str


class Sector(Struct, frozen=True):
    key: str
    name: str
    group: str
    expected: bool
    help: str
    # This is its group in the first grouping.
    first_group: str


# A round keeps the number of the grouping that it was opened under. The first one listed unions and tribal
# governments with employers.
FIRST_GROUPING: Final = 1
GROUPING: Final = 2


class Grouping(Struct, frozen=True):
    """The sector groups of a round in their order, and the group of each sector by their keys."""

    groups: tuple[SectorGroup, ...]
    of: Mapping[str, str]

    def name(self, key: str) -> str:
        return next(group.name for group in self.groups if group.key == key)


class Discipline(Struct, frozen=True):
    """A discipline of people. One that is `routing_only` is never offered for a person or stored on one.

    Of peer supporters it would say that they have been trafficked; an organization may still offer it.
    """

    key: str
    name: str
    group: str
    routing_only: bool = False
    of_organizations: bool = True


class DisciplineGroup(Struct, frozen=True):
    key: str
    name: str
    disciplines: tuple[Discipline, ...]


class Area(Struct, frozen=True):
    """A focus area. `freedom_strategy` is the name the Freedom Strategy gives it; None for our own area."""

    key: str
    name: str
    short: str
    freedom_strategy: str | None
    question: str
    explanation: tuple[str, ...]
    look_for: tuple[str, ...]
    ask_yourselves: tuple[str, ...]


class Indicator(Struct, frozen=True):
    """A statement to rate. `levels[n]` describes rating n; `ask` holds keys of disciplines likely to know.

    `meaning` goes up when a new wording asks a new question, which is then not compared with the old one.
    """

    key: str
    meaning: int
    area: str
    title: str
    statement: str
    why: str
    ask: tuple[str, ...]
    levels: tuple[str, ...]
    # Only people inside an agency or the coalition can know it. A round may leave it out.
    insiders: bool = False
    # Our set does not ask it: a coalition's own set holds it hidden, and may show it.
    extra: bool = False
    # The short set asks it, because any resident can answer.
    short: bool = False


class ScaleLevel(Struct, frozen=True):
    rating: int
    label: str
    meaning: str


class ScaleAnswer(Struct, frozen=True):
    """An answer beside the ratings, never averaged."""

    label: str
    meaning: str


class Scale(Struct, frozen=True):
    levels: tuple[ScaleLevel, ...]
    dont_know: ScaleAnswer
    does_not_apply: ScaleAnswer


class TipItem(Struct, frozen=True):
    key: str
    tip: str
    audience: Audience
    text: str
    help: str | None = None
    # The item is for task forces alone, or for coalitions without one.
    structure: ItemStructure | None = None

    def fits(self, stage: str | None, structure: str | None = None) -> bool:
        """Returns whether a coalition of this stage (`new` or `existing`) and structure is shown the item.

        Without a stage it is; an item for task forces waits until the coalition says that it is one or has one.
        """
        of_stage = stage is None or self.audience is Audience.BOTH or self.audience.value == stage
        if self.structure is ItemStructure.TASK_FORCE:
            return of_stage and structure in {"task_force", "both"}
        return of_stage and (self.structure is None or structure != "task_force")


class Tip(Struct, frozen=True):
    key: str
    name: str
    basis: Basis
    why: str
    items: tuple[TipItem, ...]


class Hints(Struct, frozen=True):
    new: str
    existing: str
    # For a task force, also beside a coalition.
    task_force: str | None = None


class Step(Struct, frozen=True):
    """A step of Getting Started. `toolkit_pages` points into the coalition's own copy of the toolkit."""

    key: str
    name: str
    toolkit_pages: str | None
    do: tuple[str, ...]
    why: str
    who: str
    time: str
    hints: Hints


class ToolkitSection(Struct, frozen=True):
    """A section of the official toolkit, by our name for it and its pages in the coalition's own copy."""

    key: str
    name: str
    pages: str


class AgendaPart(StrEnum):
    """The ways to hold a meeting: as a whole, or as the first or the second of two."""

    WHOLE = "whole"
    FIRST = "first"
    SECOND = "second"


class AgendaPage(StrEnum):
    """The places where Engage keeps what an agenda item is about."""

    MEETING = "meeting"
    ABOUT_US = "about_us"
    TIPS = "tips"
    RESULTS = "results"
    STRENGTHS = "strengths"
    MATCHES = "matches"
    VOTE = "vote"
    PLAN = "plan"
    PARTNERS = "partners"


class AgendaLine(Struct, frozen=True):
    """A line of an agenda template.

    `output` is what to have written down at its end; `minutes` says how long it takes in each part that has
    it.
    """

    key: str
    audience: Audience
    title: str
    output: str
    page: AgendaPage | None
    is_break: bool
    minutes: tuple[tuple[AgendaPart, int], ...]

    def minutes_in(self, part: AgendaPart) -> int | None:
        """Returns the minutes; None if it is not in this part."""
        return dict(self.minutes).get(part)


class Preparation(Struct, frozen=True):
    """A preparation to have done before a meeting."""

    key: str
    text: str


class AgendaTemplate(Struct, frozen=True):
    """An agenda template; its key is the kind of the meeting.

    What the records bring up follows the line that `records_follow` names. Tips are those to review, by key,
    for new and for existing coalitions.
    """

    key: str
    name: str
    lengths: tuple[tuple[AgendaPart, int], ...]
    lines: tuple[AgendaLine, ...]
    records_follow: str
    before: tuple[Preparation, ...] = ()
    new_tips: tuple[str, ...] = ()
    existing_tips: tuple[str, ...] = ()

    def lines_for(self, stage: str, part: AgendaPart) -> tuple[AgendaLine, ...]:
        """Returns the lines for a coalition of this stage, `new` or `existing`, in this part."""
        return tuple(
            each
            for each in self.lines
            if each.audience.value in {stage, Audience.BOTH} and each.minutes_in(part) is not None
        )

    def tips_for(self, stage: str) -> tuple[str, ...]:
        return self.new_tips if stage == Audience.NEW else self.existing_tips


class GuidePart(Struct, frozen=True):
    """A part of a guide: paragraphs, then a list."""

    heading: str
    texts: tuple[str, ...]
    points: tuple[str, ...]


class Guide(Struct, frozen=True):
    """A guide to read and to print."""

    key: str
    name: str
    lead: str
    parts: tuple[GuidePart, ...]


class OfferedLine(Struct, frozen=True):
    """A help line that a coalition may add. `read` is the day on which `source`, a public page, was read."""

    key: str
    name: str
    phone: str
    website: str
    for_whom: str
    hours: str
    source: str
    read: date


# What a document template may have filled in, and the parts of About us that may take the place of its own.
BLANKS = frozenset({"coalition", "community", "partner", "contact", "positions", "help", "blank"})
ABOUT_PARTS = frozenset(
    {
        "mission",
        "vision",
        "definitions",
        "structure",
        "joining",
        "expectations",
        "open_meetings",
        "statement",
    }
)


class DocumentPart(Struct, frozen=True):
    """A part of a document template; `about` names the part of About us that takes its place where it is written."""

    heading: str
    about: str
    texts: tuple[str, ...]
    points: tuple[str, ...]


class DocumentTemplate(Struct, frozen=True):
    """A document to copy and fill in; what is to be signed says that a lawyer should read it first."""

    key: str
    name: str
    lead: str
    is_signed: bool
    parts: tuple[DocumentPart, ...]

    @property
    def is_for_partner(self) -> bool:
        """Returns whether it names a partner, who can then be chosen."""
        return any("{partner}" in text for part in self.parts for text in (*part.texts, *part.points))


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Row = TypeVar("Row", bound=_Keyed)


def _by_key(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.key: row for row in rows}


# This sector describes organizations, never a person: choosing it would say of someone what no page may say.
NEVER_A_PERSONS = "survivor_led"


class Content(Struct, frozen=True, dict=True):
    """The product's content in one language. Looking up an unknown key raises KeyError."""

    sector_groups: tuple[SectorGroup, ...]
    first_sector_groups: tuple[SectorGroup, ...]
    sectors: tuple[Sector, ...]
    discipline_groups: tuple[DisciplineGroup, ...]
    areas: tuple[Area, ...]
    indicators: tuple[Indicator, ...]
    extras: tuple[Indicator, ...]
    scale: Scale
    tips: tuple[Tip, ...]
    steps: tuple[Step, ...]
    sections: tuple[ToolkitSection, ...]
    agendas: tuple[AgendaTemplate, ...]
    guides: tuple[Guide, ...]
    help_lines: tuple[OfferedLine, ...]
    document_templates: tuple[DocumentTemplate, ...]

    _sectors = cached_property[dict[str, Sector]](lambda self: _by_key(self.sectors))
    _disciplines = cached_property[dict[str, Discipline]](
        lambda self: _by_key(each for group in self.discipline_groups for each in group.disciplines)
    )
    _areas = cached_property[dict[str, Area]](lambda self: _by_key(self.areas))
    _indicators = cached_property[dict[str, Indicator]](
        lambda self: _by_key((*self.indicators, *self.extras))
    )
    _tips = cached_property[dict[str, Tip]](lambda self: _by_key(self.tips))
    _tip_items = cached_property[dict[str, TipItem]](
        lambda self: _by_key(item for tip in self.tips for item in tip.items)
    )
    _steps = cached_property[dict[str, Step]](lambda self: _by_key(self.steps))
    _sections = cached_property[dict[str, ToolkitSection]](lambda self: _by_key(self.sections))
    _agendas = cached_property[dict[str, AgendaTemplate]](lambda self: _by_key(self.agendas))
    _guides = cached_property[dict[str, Guide]](lambda self: _by_key(self.guides))
    _document_templates = cached_property[dict[str, DocumentTemplate]](
        lambda self: _by_key(self.document_templates)
    )

    def grouping(self, number: int) -> Grouping:
        if number == FIRST_GROUPING:
            return Grouping(self.first_sector_groups, {each.key: each.first_group for each in self.sectors})
        return Grouping(self.sector_groups, {each.key: each.group for each in self.sectors})

    def sector(self, key: str) -> Sector:
        return self._sectors[key]

    @cached_property
    def sectors_of_people(self) -> tuple[Sector, ...]:
        """Returns the sectors that a person is asked to choose from."""
        return tuple(each for each in self.sectors if each.key != NEVER_A_PERSONS)

    def discipline(self, key: str) -> Discipline:
        return self._disciplines[key]

    def area(self, key: str) -> Area:
        return self._areas[key]

    def indicator(self, key: str) -> Indicator:
        return self._indicators[key]

    def tip(self, key: str) -> Tip:
        return self._tips[key]

    def tip_item(self, key: str) -> TipItem:
        return self._tip_items[key]

    def step(self, key: str) -> Step:
        return self._steps[key]

    def section(self, key: str) -> ToolkitSection:
        return self._sections[key]

    def guide(self, key: str) -> Guide:
        return self._guides[key]

    def document_template(self, key: str) -> DocumentTemplate:
        return self._document_templates[key]

    def agenda(self, key: str) -> AgendaTemplate:
        return self._agendas[key]

    def indicators_in(self, area: str) -> tuple[Indicator, ...]:
        """Returns the indicators of one focus area, in the order they are asked."""
        return tuple(each for each in self.indicators if each.area == area)

    @property
    def insiders(self) -> frozenset[str]:
        """Returns the keys of the indicators that only people inside an agency or the coalition can know."""
        return frozenset(each.key for each in (*self.indicators, *self.extras) if each.insiders)

    def person_disciplines(self) -> tuple[Discipline, ...]:
        """Returns the disciplines a person may be offered: all but those that only route questions."""
        return tuple(each for group in self.person_discipline_groups() for each in group.disciplines)

    def organization_disciplines(self) -> tuple[Discipline, ...]:
        """Returns the disciplines of organizations and activities, which say nothing about one person."""
        return tuple(
            each for group in self.discipline_groups for each in group.disciplines if each.of_organizations
        )

    def person_discipline_groups(self) -> tuple[DisciplineGroup, ...]:
        """Returns the same in their groups, without groups that have nothing to offer."""
        offered = (
            replace(group, disciplines=tuple(each for each in group.disciplines if not each.routing_only))
            for group in self.discipline_groups
        )
        return tuple(group for group in offered if group.disciplines)
