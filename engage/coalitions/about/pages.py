"""Builds what About us shows: to members and viewers, on the printed charter, and to the public."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from engage.coalitions.about import queries
from engage.coalitions.about.labels import PART_LABELS, statement_as_read
from engage.coalitions.about.models import About
from engage.coalitions.about.queries import PositionRow, Signer
from engage.coalitions.about.rules import OF_COALITION, AboutPart, is_asked
from engage.coalitions.labels import (
    LEADERSHIP_LABELS,
    MEMBERSHIP_LABELS,
    STAGE_LABELS,
    STRUCTURE_LABELS,
)
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import MembershipStyle
from engage.dates import medium_day
from engage.i18n import LazyString
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l

# The label and the texts of each choice, by the coalition's column. Only the form shows hints.
_SHAPE: dict[str, tuple[LazyString, Mapping[Any, LazyString]]] = {
    "stage": (_l("Stage"), STAGE_LABELS),
    "structure": (_l("Structure"), STRUCTURE_LABELS),
    "leadership": (_l("Led by"), LEADERSHIP_LABELS),
    "membership_style": (_l("Membership"), MEMBERSHIP_LABELS),
}
# The parts that consist of a single text.
TEXT_PARTS = tuple(part for part in AboutPart if part not in {AboutPart.STRUCTURE, AboutPart.POSITIONS})


class Said(Struct, frozen=True):
    """A text of the coalition with its heading."""

    part: AboutPart
    heading: str
    text: str
    is_public: bool = False


class AboutFact(Struct, frozen=True):
    """A choice of how the coalition is organized; `field` is the coalition's column."""

    field: str
    label: str
    choice: str


class PositionLine(Struct, frozen=True):
    """A position as a page shows it; `who` is empty if no one holds it, or if the reader may not see names."""

    id: int
    title: str
    who: str
    stand_in: str
    term: str
    person_id: int | None = None
    is_filled: bool = True


class Statement(Struct, frozen=True):
    """The confidentiality statement, whether this person is asked to accept it, and who has accepted it.

    In a formal coalition, people sign it.
    """

    text: str
    number: int
    is_asked: bool
    accepted_on: date | None
    accepted: list[Signer]
    people: int
    is_formal: bool


class AboutUs(Struct, frozen=True):
    stands: list[Said]
    facts: list[AboutFact]
    note: Said | None
    positions: list[PositionLine]
    joining: list[Said]
    statement: Statement
    public: frozenset[str]

    @property
    def is_empty(self) -> bool:
        written = self.stands or self.note or self.joining or self.positions or self.facts
        return not written and not self.statement.text


def about_us(membership: Membership, today: date) -> AboutUs:
    """Builds the page of About us in three queries."""
    coalition, about = membership.coalition, queries.about_of(membership)
    said = {each.part: each for each in texts(coalition, about)}
    names = may(membership.role, Permission.SEE_ALL)
    note = about.structure_note
    return AboutUs(
        stands=[
            said[part]
            for part in (AboutPart.MISSION, AboutPart.VISION, AboutPart.DEFINITIONS)
            if part in said
        ],
        facts=facts(coalition),
        note=Said(AboutPart.STRUCTURE, _("What this means for us"), note) if note else None,
        positions=[position_line(row, today, names=names) for row in queries.positions(membership)],
        joining=[
            said[part]
            for part in (AboutPart.JOINING, AboutPart.EXPECTATIONS, AboutPart.OPEN_MEETINGS)
            if part in said
        ],
        statement=_statement(membership, about),
        public=frozenset(about.public_parts),
    )


def texts(coalition: Coalition, about: About) -> list[Said]:
    """Returns the texts of About us that are not empty, in the order of the page."""
    found = []
    for part in TEXT_PARTS:
        text = getattr(coalition if part in OF_COALITION else about, part.value)
        text = statement_as_read(text) if part is AboutPart.STATEMENT else text
        if text:
            found.append(Said(part, str(PART_LABELS[part]), text, part.value in about.public_parts))
    return found


def facts(coalition: Coalition) -> list[AboutFact]:
    """Returns the choices that the coalition has made about how it is organized."""
    return [
        AboutFact(field, str(label), str(words[choice]))
        for field, (label, words) in _SHAPE.items()
        if (choice := getattr(coalition, field)) is not None
    ]


def position_line(row: PositionRow, today: date, *, names: bool) -> PositionLine:
    """Returns the position's line; without `names`, it names only people who agreed to be named in public."""
    return PositionLine(
        row.id,
        row.title,
        row.person if names or row.is_named else "",
        row.stand_in if names or row.is_stand_in_named else "",
        _term(row, today),
        row.person_id if names else None,
        row.person_id is not None,
    )


def _term(row: PositionRow, today: date) -> str:
    since, until = medium_day(row.since), medium_day(row.until)
    if row.until is not None and row.until < today:
        return _("Term ended on %(day)s", day=until)
    if since and until:
        return _("%(since)s to %(until)s", since=since, until=until)
    if since:
        return _("Since %(day)s", day=since)
    return _("Until %(day)s", day=until) if until else ""


def _statement(membership: Membership, about: About) -> Statement:
    people = queries.signers(membership) if may(membership.role, Permission.SEE_ALL) else []
    number, works = about.statement_number, may(membership.role, Permission.WORK)
    asked = works and is_asked(about.statement, number, membership.accepted_number)
    return Statement(
        statement_as_read(about.statement),
        number,
        asked,
        membership.accepted_on if works and not asked else None,
        [each for each in people if each.number == number],
        len(people),
        membership.coalition.membership_style is MembershipStyle.FORMAL,
    )


class Signatures(Struct, frozen=True):
    """The people who have not accepted the current statement, and those who have."""

    waiting: list[Signer]
    signed: list[Signer]
    is_written: bool


def signatures(membership: Membership) -> Signatures:
    """Reads the signatures in two queries."""
    about, people = queries.about_of(membership), queries.signers(membership)
    number = about.statement_number
    return Signatures(
        [each for each in people if each.number != number],
        [each for each in people if each.number == number],
        bool(about.statement),
    )


# -- for anyone with the public page's link


class PublicAbout(Struct, frozen=True):
    """The parts that a coordinator marked public, and positions with the names of those who agreed."""

    texts: list[Said]
    positions: list[PositionLine]


def public_about(outside: Membership, coalition: Coalition, today: date) -> PublicAbout:
    """Builds the public parts in two queries, or one if the positions are not public."""
    about = queries.about_of(outside)
    public = frozenset(about.public_parts)
    shown = [each for each in texts(coalition, about) if each.is_public]
    if AboutPart.STRUCTURE in public and (said := structure_words(coalition, about)):
        shown.append(Said(AboutPart.STRUCTURE, str(PART_LABELS[AboutPart.STRUCTURE]), said))
    order = list(AboutPart)
    rows = queries.positions(outside) if AboutPart.POSITIONS in public else []
    return PublicAbout(
        sorted(shown, key=lambda each: order.index(each.part)),
        [position_line(row, today, names=False) for row in rows],
    )


def structure_words(coalition: Coalition, about: About) -> str:
    """Returns how the coalition is organized as one text: every choice except the stage, then what they mean for it."""
    chosen = [f"{each.label}: {each.choice}" for each in facts(coalition) if each.field != "stage"]
    return "\n\n".join(filter(None, ("\n".join(chosen), about.structure_note)))
