"""Defines what a feature provides for a kind of thing that can be deleted and restored.

A feature registers its kinds where it deletes them, so that the trash imports no feature.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec import Struct, field

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.snapshots import Snapshot
from engage.web.labels import listed

# The values that say how a copy got into the trash.
DELETED = "deleted"
# Only the person who deleted the thing sees that it existed.
DELETED_PRIVATE = "deleted_private"

Row = dict[str, Any]


class TrashedThing(Protocol):
    """A row of a coalition that can be deleted."""

    __tablename__: str
    id: Any


class Return(Struct):
    """A copy that is being restored: its rows by table and id, which the hooks of its kind may change.

    `into` is the id of the place that a person chose, `ids` are the new ids by the old ones, `gone` are the
    columns whose target no longer exists, and `notes` are texts on what differs from before.
    """

    membership: Membership
    copy: Snapshot
    into: int | None = None
    rows: dict[str, dict[int, Row]] = field(default_factory=lambda: defaultdict(dict))
    loose: list[Row] = field(default_factory=list)
    ids: dict[str, dict[int, int]] = field(default_factory=lambda: defaultdict(dict))
    gone: dict[str, None] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    @property
    def coalition_id(self) -> int:
        return self.membership.coalition_id

    @property
    def head(self) -> Row:
        """Returns the row of the deleted thing itself, without what depends on it."""
        return self.rows[self.copy.thing][self.copy.thing_id]

    def of(self, table: str) -> list[Row]:
        return list(self.rows[table].values()) if table in self.rows else []

    def note(self, words: str) -> None:
        """Adds a note for the person, unless it is there already."""
        if words not in self.notes:
            self.notes.append(words)


class NeedsPlace(Exception):
    """The place to which the thing belonged is gone, and a person has to choose another one."""


class Places(Struct, frozen=True):
    """The places to choose from if a thing's own place is gone."""

    label: str
    nothing: str
    hint: str
    missing: str
    rows: list[tuple[int, str]]


class Numbered(Struct, frozen=True, kw_only=True):
    """A table whose rows have numbers that people use.

    `taken` is a text such as "Number 3 is taken: it is action 4 now."; copies store the numbers under `key`.
    """

    table: str
    free: Callable[[int], int]
    taken: str
    key: str


# What a thing was linked to, by column.
_GONE_WORDS = {
    "action_id": _l("the action"),
    "agreement_id": _l("the agreement"),
    "contact_id": _l("the contact"),
    "decision_id": _l("the decision"),
    "goal_id": _l("the goal"),
    "group_id": _l("the group"),
    "match_id": _l("the match"),
    "measure_id": _l("the measure"),
    "meeting_id": _l("the meeting"),
    "need_id": _l("the need"),
    "note_id": _l("the note it was made from"),
    "objective_id": _l("the objective"),
    "organization_id": _l("the organization"),
    "round_id": _l("the assessment round"),
}


def _nothing(_returning: Return) -> None:
    pass


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of thing that can be deleted: its name, what is deleted with it, who may restore it, and its place.

    History refers to rows of `parts` by id. A row that refers to the thing without CASCADE prevents deleting
    it, except that rows in `takes`, given as (table, column), are deleted with it, and rows in `lets_go` are
    unlinked.
    """

    table: str
    word: str
    back: Callable[[Row], str]
    address: Callable[[Row], str]
    permission: Permission
    # The column with the thing's name, or a function that returns a name for the row.
    title: str | Callable[[Row], str] = "title"
    parts: tuple[str, ...] = ()
    counted: Mapping[str, Callable[[int], str]] = field(default_factory=dict)
    takes: frozenset[tuple[str, str]] = frozenset()
    lets_go: frozenset[tuple[str, str]] = frozenset()
    number: Numbered | None = None
    # Whether the history records the deletion; that of a private note is not recorded.
    noted: bool = True
    # What the thing was linked to, by column, where the usual words do not fit.
    gone_words: Mapping[str, str] = field(default_factory=dict)
    # The message if the database refuses to restore the thing, because a similar one exists by now.
    refused: str | None = None
    # When the thing is restored, people who have left are removed from these columns with leads, by table.
    led_by: Mapping[str, str] = field(default_factory=dict)
    # These hooks run before any link is set, for each row once its links are set, and after everything is
    # written.
    prepare: Callable[[Return], None] = _nothing
    agree: Callable[[str, Row], None] | None = None
    settle: Callable[[Return], None] = _nothing
    # Returns what else changes in a row that is unlinked: its old values and its new values.
    let_go: Callable[[str, str, int, Mapping[str, Mapping[int, Row]]], tuple[Row, Row]] | None = None
    places: Callable[[Membership, Snapshot], Places | None] | None = None

    @property
    def of_parts(self) -> tuple[str, ...]:
        return self.parts or (self.table,)

    def title_of(self, row: Row) -> str:
        return str(row[self.title]) if isinstance(self.title, str) else self.title(row)

    @property
    def has_number(self) -> bool:
        """Returns whether the thing itself has a number, not only its parts."""
        return self.number is not None and self.number.table == self.table


class LastStep(Struct, frozen=True):
    """A person's last change that can be undone."""

    words: str
    made_at: datetime
    url: str


_KINDS: dict[str, Kind] = {}
# For a table, the function that finds the row into which a missing row, such as an organization, was merged.
_BECAME: dict[str, Callable[[Membership, int], int | None]] = {}
_STEPS: list[Callable[[Membership], LastStep | None]] = []


def register(*kinds: Kind) -> None:
    """Registers kinds with the trash; features call this when they are imported."""
    for kind in kinds:
        assert kind.table not in _KINDS, f"{kind.table} is registered twice"
        _KINDS[kind.table] = kind


def register_merging(table: str, became: Callable[[Membership, int], int | None]) -> None:
    """Registers, for a table, the function that finds the row into which a row was merged, to restore links to it."""
    _BECAME[table] = became


def merged_into(table: str, membership: Membership, key: int) -> int | None:
    """Returns the id of the row into which this one was merged, None if it was not."""
    return _BECAME[table](membership, key) if table in _BECAME else None


def register_steps(last: Callable[[Membership], LastStep | None]) -> None:
    """Registers a function that returns a person's last undoable change, which the trash page then also offers."""
    _STEPS.append(last)


def last_steps(membership: Membership) -> list[LastStep]:
    return [step for last in _STEPS if (step := last(membership)) is not None]


def kind_of(table: str) -> Kind:
    return _KINDS[table]


def numbered(table: str) -> Numbered | None:
    """Returns how rows of this table are numbered, None if people know them by no number."""
    kind = _KINDS.get(table)
    return kind.number if kind is not None and kind.has_number else None


def all_kinds() -> list[Kind]:
    return list(_KINDS.values())


def taken_along() -> frozenset[tuple[str, str]]:
    return frozenset().union(*(kind.takes for kind in _KINDS.values()))


def let_go_of() -> frozenset[tuple[str, str]]:
    return frozenset().union(*(kind.lets_go for kind in _KINDS.values()))


def along_words(counts: Mapping[str, int], thing: str) -> str:
    """Returns a text such as "2 objectives, 1 measure, 7 actions" on what is deleted with a thing, or ""."""
    kind = kind_of(thing)
    own = {name: counts.get(name, 0) - (name == thing) for name in kind.counted}
    return ", ".join(said(own[name]) for name, said in kind.counted.items() if own[name] > 0)


def gone_words(kind: Kind, columns: Mapping[str, None]) -> str:
    words = {**_GONE_WORDS, **kind.gone_words}
    what = listed(str(words.get(name, _("something it was linked to"))) for name in columns)
    return _("Deleted in the meantime and left out: %(what)s.", what=what)
