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
    """A copy that is being restored: its rows by table and id, which the hooks of its kind may change.

    `into` is the place that a person chose, `ids` are the new ids by the old ones, `gone` are the columns
    whose target is gone, and `notes` say in words what differs from before.
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
        """Adds a note, but never the same one twice."""
        if words not in self.notes:
            self.notes.append(words)


class NeedsPlace(Exception):
    """The thing's place is gone, and a person has to choose another one."""


class Places(Struct, frozen=True):
    """The places to choose from if a thing's own place is gone."""

    label: str
    nothing: str
    hint: str
    missing: str
    rows: list[tuple[int, str]]


class Numbered(Struct, frozen=True, kw_only=True):
    """A table whose rows people call by a number.

    `taken` is a text such as "Number 3 is taken: it is action 4 now.", and copies hold the numbers under
    `key`.
    """

    table: str
    free: Callable[[int], int]
    taken: str
    key: str


def _nothing(_returning: Return) -> None:
    pass


class Kind(Struct, frozen=True, kw_only=True):
    """A kind of thing: what it is called, what goes with it, who may restore it, and where it stands.

    History refers to rows of `parts` by id. A row that refers to the thing without CASCADE prevents deleting
    it, except that rows in `takes`, given as (table, column), are deleted with it, and rows in `lets_go` are
    unlinked.
    """

    table: str
    word: str
    back: Callable[[Row], str]
    address: Callable[[Row], str]
    permission: Permission
    # This is the column that names the thing, or a function that makes a name of its row.
    title: str | Callable[[Row], str] = "title"
    parts: tuple[str, ...] = ()
    counted: Mapping[str, Callable[[int], str]] = field(default_factory=dict)
    takes: frozenset[tuple[str, str]] = frozenset()
    lets_go: frozenset[tuple[str, str]] = frozenset()
    number: Numbered | None = None
    # This says whether history records the deletion; that of a private note leaves no trace there.
    noted: bool = True
    gone_words: Mapping[str, str] = field(default_factory=dict)
    # This is the message if the database refuses the thing, because there is another like it by now.
    refused: str | None = None
    # When the thing is restored, leads who have left are taken out of these columns, by table.
    led_by: Mapping[str, str] = field(default_factory=dict)
    # These hooks run before any link is set, for each row once its links are set, and after everything is written.
    prepare: Callable[[Return], None] = _nothing
    agree: Callable[[str, Row], None] | None = None
    settle: Callable[[Return], None] = _nothing
    # This returns what else changes in a row that is unlinked: its old values and its new values.
    let_go: Callable[[str, str, int, Mapping[str, Mapping[int, Row]]], tuple[Row, Row]] | None = None
    places: Callable[[Membership, KeptCopy], Places | None] | None = None

    @property
    def of_parts(self) -> tuple[str, ...]:
        return self.parts or (self.table,)

    def title_of(self, row: Row) -> str:
        return str(row[self.title]) if isinstance(self.title, str) else self.title(row)

    @property
    def has_number(self) -> bool:
        """Returns whether people call the thing itself by a number, not only its parts."""
        return self.number is not None and self.number.table == self.table


class LastStep(Struct, frozen=True):
    """The last change of this person that can be undone."""

    words: str
    made_at: datetime
    url: str


_KINDS: dict[str, Kind] = {}
# This says which row took the place of one that is gone, such as an organization that was merged.
_BECAME: dict[str, Callable[[Membership, int], int | None]] = {}
_STEPS: list[Callable[[Membership], LastStep | None]] = []


def register(kind: Kind) -> Kind:
    """Makes the trash know a kind; features call it when they are imported."""
    assert kind.table not in _KINDS, f"{kind.table} is registered twice"
    _KINDS[kind.table] = kind
    return kind


def register_merging(table: str, became: Callable[[Membership, int], int | None]) -> None:
    """Makes restored things refer to the row that took the place of a row of this table that was merged."""
    _BECAME[table] = became


def merged_into(table: str, membership: Membership, key: int) -> int | None:
    """Returns the id of the row that this one was merged into, if it was."""
    return _BECAME[table](membership, key) if table in _BECAME else None


def register_steps(last: Callable[[Membership], LastStep | None]) -> None:
    """Makes the trash's page also offer a feature's own steps, besides deleted things."""
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
    """Returns words such as "2 objectives, 1 measure, 7 actions" for the things deleted with a thing, or ""."""
    kind = kind_of(thing)
    own = {name: counts.get(name, 0) - (name == thing) for name in kind.counted}
    return ", ".join(said(own[name]) for name, said in kind.counted.items() if own[name] > 0)


def gone_words(kind: Kind, columns: Mapping[str, None]) -> str:
    what = listed(str(kind.gone_words.get(name, _("something it was linked to"))) for name in columns)
    return _("Deleted in the meantime and left out: %(what)s.", what=what)
