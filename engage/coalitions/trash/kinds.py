"""What a feature says of a thing that can be deleted and restored.

A feature registers its kinds where it deletes them, so that the trash knows no feature.
"""

from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Protocol

from flask_babel import gettext as _
from msgspec import Struct, field

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.kept import KeptCopy
from engage.web.listed import listed

Row = dict[str, Any]


class Thing(Protocol):
    """A row of a coalition that can be deleted."""

    __tablename__: str
    id: Any


class Return(Struct):
    """A copy on its way back: its rows by table and id, which the hooks of its kind may change.

    `into` is the place that a person chose, `ids` are the new ids by the old ones, `gone` are the columns that
    pointed at what is gone, and `notes` say in words what differs from before.
    """

    membership: Membership
    copy: KeptCopy
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
        """Returns the row of the deleted thing itself."""
        return self.rows[self.copy.thing][self.copy.thing_id]

    def of(self, table: str) -> list[Row]:
        return list(self.rows[table].values()) if table in self.rows else []

    def note(self, words: str) -> None:
        """Says it once."""
        if words not in self.notes:
            self.notes.append(words)


class NeedsPlace(Exception):
    """The place of the thing is gone, and a person has to choose another."""


class Places(Struct, frozen=True):
    """The places to choose from where a thing's own is gone."""

    label: str
    nothing: str
    hint: str
    missing: str
    rows: list[tuple[int, str]]


class Numbered(Struct, frozen=True, kw_only=True):
    """A table whose rows people call by a number.

    `taken` says "Number 3 is taken: it is action 4 now.", and copies hold the numbers by `key`.
    """

    table: str
    free: Callable[[int], int]
    taken: str
    key: str


def _nothing(_returning: Return) -> None:
    pass


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of thing: what it is called, what goes with it, who may restore it, and where it stands.

    Rows of `parts` have ids that history knows. What points at the thing without CASCADE holds it back, except
    that (table, column) in `takes` go along, and those in `lets_go` stay without it.
    """

    table: str
    word: str
    back: Callable[[Row], str]
    address: Callable[[Row], str]
    permission: Permission
    # The column that names it, or what makes a name of its row.
    title: str | Callable[[Row], str] = "title"
    parts: tuple[str, ...] = ()
    counted: Mapping[str, Callable[[int], str]] = field(default_factory=dict)
    takes: frozenset[tuple[str, str]] = frozenset()
    lets_go: frozenset[tuple[str, str]] = frozenset()
    number: Numbered | None = None
    # Whether history says that it was deleted; a private note leaves nothing there.
    noted: bool = True
    gone_words: Mapping[str, str] = field(default_factory=dict)
    # The words for a person where the database refuses it, since there is another like it by now.
    refused: str | None = None
    # Leads who have left lead it no more: the column by table.
    led_by: Mapping[str, str] = field(default_factory=dict)
    # Hooks: before anything is pointed, for each row once it points at what is there, and after all is written.
    prepare: Callable[[Return], None] = _nothing
    agree: Callable[[str, Row], None] | None = None
    settle: Callable[[Return], None] = _nothing
    # What else changes in a row that lets go: its values as they were, and as they are left.
    let_go: Callable[[str, str, int, Mapping[str, Mapping[int, Row]]], tuple[Row, Row]] | None = None
    places: Callable[[Membership, KeptCopy], Places | None] | None = None

    @property
    def of_parts(self) -> tuple[str, ...]:
        return self.parts or (self.table,)

    def title_of(self, row: Row) -> str:
        return str(row[self.title]) if isinstance(self.title, str) else self.title(row)

    @property
    def has_number(self) -> bool:
        """Returns whether people call the thing itself by a number, not only what goes with it."""
        return self.number is not None and self.number.table == self.table


class LastStep(Struct, frozen=True):
    """The last change of this person that can be undone."""

    words: str
    made_at: datetime
    url: str


_KINDS: dict[str, Kind] = {}
# What a row of a table became that is gone: an organization that was merged.
_BECAME: dict[str, Callable[[Membership, int], int | None]] = {}
_STEPS: list[Callable[[Membership], LastStep | None]] = []


def register(kind: Kind) -> Kind:
    """Makes the trash know a kind; features call it when they are imported."""
    assert kind.table not in _KINDS, f"{kind.table} is registered twice"
    _KINDS[kind.table] = kind
    return kind


def register_merging(table: str, became: Callable[[Membership, int], int | None]) -> None:
    """Makes what comes back point at what a row of the table became that was merged into another."""
    _BECAME[table] = became


def merged_into(table: str, membership: Membership, key: int) -> int | None:
    """Returns the id of the row that this one was merged into, if it was."""
    return _BECAME[table](membership, key) if table in _BECAME else None


def register_steps(last: Callable[[Membership], LastStep | None]) -> None:
    """Makes the trash's page offer a feature's own steps, too, beside what was deleted."""
    _STEPS.append(last)


def last_steps(membership: Membership) -> list[LastStep]:
    return [step for last in _STEPS if (step := last(membership)) is not None]


def kind_of(table: str) -> Kind:
    return _KINDS[table]


def all_kinds() -> list[Kind]:
    return list(_KINDS.values())


def taken_along() -> frozenset[tuple[str, str]]:
    return frozenset().union(*(kind.takes for kind in _KINDS.values()))


def let_go_of() -> frozenset[tuple[str, str]]:
    return frozenset().union(*(kind.lets_go for kind in _KINDS.values()))


def along_words(counts: Mapping[str, int], thing: str) -> str:
    """Returns words such as "2 objectives, 1 measure, 7 actions" for what is deleted with a thing, or nothing."""
    kind = kind_of(thing)
    own = {name: counts.get(name, 0) - (name == thing) for name in kind.counted}
    return ", ".join(said(own[name]) for name, said in kind.counted.items() if own[name] > 0)


def gone_words(kind: Kind, columns: Mapping[str, None]) -> str:
    what = listed(str(kind.gone_words.get(name, _("something it was linked to"))) for name in columns)
    return _("Deleted in the meantime and left out: %(what)s.", what=what)
