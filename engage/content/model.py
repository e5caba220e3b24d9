"""Defines the content of one language as plain, frozen rows. Rows in the database refer to them by key."""

from collections.abc import Iterable, Mapping
from datetime import date
from enum import StrEnum
from functools import cached_property
from typing import Final, Protocol, Self, TypeVar

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
    """The kind of coalition that a tip's item is limited to, if it is not for every coalition."""

    COALITION = "coalition"
    TASK_FORCE = "task_force"


class Basis(StrEnum):
    """Whether the official toolkit names a tip's topic, or Engage added the topic."""

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
    # The sector's group in the first grouping.
    first_group: str


# A round stores the number of the grouping that was current when it was opened. The first grouping put unions
# and tribal governments in one group with employers.
FIRST_GROUPING: Final = 1
GROUPING: Final = 2


class Grouping(Struct, frozen=True):
    """The order of the sector groups in a round, and the group of each sector, by their keys."""

    groups: tuple[SectorGroup, ...]
    of: Mapping[str, str]

    def name(self, key: str) -> str:
        return next(group.name for group in self.groups if group.key == key)


class Discipline(Struct, frozen=True):
    """A discipline of people. One that is `routing_only` is never offered for a person or stored on one.

    For example, storing *peer supporter* would reveal that the person was trafficked. An organization may
    still offer such a discipline.
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
    """A focus area. `freedom_strategy` is the Freedom Strategy's name for it; None if Engage added it."""

    key: str
    name: str
    short: str
    freedom_strategy: str | None
    question: str
    explanation: tuple[str, ...]
    look_for: tuple[str, ...]
    ask_yourselves: tuple[str, ...]


class EarlierWording(Struct, frozen=True):
    """What a statement asked before it was reworded."""

    statement: str
    levels: tuple[str, ...]


class Indicator(Struct, frozen=True):
    """A statement to rate. `levels[n]` describes rating n; `ask` holds keys of disciplines likely to know.

    `meaning` increases when a new wording changes what is asked. Answers to different meanings are not
    compared.
    """

    key: str
    meaning: int
    area: str
    title: str
    statement: str
    why: str
    ask: tuple[str, ...]
    levels: tuple[str, ...]
    # Only people inside an agency or the coalition can know the answer. A round may leave it out.
    insiders: bool = False
    # Hidden in a coalition's own set, which may show it; Engage's own set does not ask it.
    extra: bool = False
    # The short set asks this statement, because any resident can answer it.
    short: bool = False
    # The wording under the meaning before this one. A coalition whose rounds asked it may go on asking it.
    earlier: EarlierWording | None = None

    @property
    def before(self) -> Self:
        """Returns the statement in its earlier wording; the statement itself if it has none."""
        if self.earlier is None:
            return self
        return replace(
            self,
            meaning=self.meaning - 1,
            statement=self.earlier.statement,
            levels=self.earlier.levels,
            earlier=None,
        )


class ScaleLevel(Struct, frozen=True):
    rating: int
    label: str
    meaning: str


class ScaleAnswer(Struct, frozen=True):
    """An answer other than a rating, such as *don't know*. It is never part of an average."""

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
    # Whether the item is only for task forces, or only for coalitions that have none.
    structure: ItemStructure | None = None

    def fits(self, stage: str | None, structure: str | None = None) -> bool:
        """Returns whether a coalition of this stage (`new` or `existing`) and structure is shown the item.

        A coalition without a stage is shown items for both stages. Items for task forces are shown only to
        coalitions that said they are a task force or have one.
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
    # The hint for a task force, including one that works beside a coalition.
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
    """A section of the official toolkit: Engage's name for it, and its pages in the coalition's own copy."""

    key: str
    name: str
    pages: str


class AgendaPart(StrEnum):
    """How a meeting is held: whole, or as the first or second of two parts."""

    WHOLE = "whole"
    FIRST = "first"
    SECOND = "second"


class AgendaPage(StrEnum):
    """The pages of Engage on which an agenda item's subject can be worked on."""

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

    `output` is what should be written down by the end of the line. `minutes` is the line's length in each
    part of the meeting that contains the line.
    """

    key: str
    audience: Audience
    title: str
    output: str
    page: AgendaPage | None
    is_break: bool
    minutes: tuple[tuple[AgendaPart, int], ...]

    def minutes_in(self, part: AgendaPart) -> int | None:
        """Returns the line's minutes in this part of a meeting; None if the part does not have the line."""
        return dict(self.minutes).get(part)


class Preparation(Struct, frozen=True):
    """A task to finish before a meeting."""

    key: str
    text: str


class AgendaTemplate(Struct, frozen=True):
    """An agenda template; its key is the kind of the meeting.

    Items proposed from the records come after the line that `records_follow` names. Tips to review are listed
    by key, for new and for existing coalitions.
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
    """A help line that a coalition may add; `read` is the day on which its public `source` was checked."""

    key: str
    name: str
    phone: str
    website: str
    for_whom: str
    hours: str
    source: str
    read: date


# The placeholders of document templates, and the parts of About us that can replace a template's own text.
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
    """A part of a document template; a text of About us, named by `about`, replaces it if there is one."""

    heading: str
    about: str
    texts: tuple[str, ...]
    points: tuple[str, ...]


class DocumentTemplate(Struct, frozen=True):
    """A document to copy and fill in. A document to be signed says that a lawyer should read it first."""

    key: str
    name: str
    lead: str
    is_signed: bool
    parts: tuple[DocumentPart, ...]

    @property
    def is_for_partner(self) -> bool:
        """Returns whether the document names a partner. The reader can then choose which partner."""
        return any("{partner}" in text for part in self.parts for text in (*part.texts, *part.points))


class _Keyed(Protocol):
    @property
    def key(self) -> str: ...


Row = TypeVar("Row", bound=_Keyed)


def _by_key(rows: Iterable[Row]) -> dict[str, Row]:
    return {row.key: row for row in rows}


# This sector is for organizations only. Storing it for a person would reveal that the person was trafficked.
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
        """Returns the sectors that a person may choose from."""
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
        """Returns the disciplines a person may be offered: all except those that are `routing_only`."""
        return tuple(each for group in self.person_discipline_groups() for each in group.disciplines)

    def organization_disciplines(self) -> tuple[Discipline, ...]:
        """Returns the disciplines of organizations and activities, which reveal nothing about one person."""
        return tuple(
            each for group in self.discipline_groups for each in group.disciplines if each.of_organizations
        )

    def person_discipline_groups(self) -> tuple[DisciplineGroup, ...]:
        """Returns the disciplines a person may be offered, by group, without empty groups."""
        offered = (
            replace(group, disciplines=tuple(each for each in group.disciplines if not each.routing_only))
            for group in self.discipline_groups
        )
        return tuple(group for group in offered if group.disciplines)
