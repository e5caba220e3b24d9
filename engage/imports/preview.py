"""Shows what an import would do, row by row, before anything is written."""

import base64
import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from enum import StrEnum
from functools import cached_property

from flask_babel import gettext as _
from msgspec import Struct

from engage import personal_details
from engage.imports.columns import names_a_street
from engage.imports.target import Field, Target, Value
from engage.web.forms import details_in, kinds_in

SHOWN_ROWS = 200
# Up to this many possible duplicates can be decided one by one.
DECIDED_ROWS = 200


class Outcome(StrEnum):
    """The outcomes of a row. KEPT means that it differs from the existing row, which stays."""

    WRONG = "wrong"
    ALIKE = "alike"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"


class OfThoseHere(StrEnum):
    """The changes that a file may make to existing rows."""

    REPLACE = "replace"
    FILL = "fill"
    LEAVE = "leave"


class AsNew(StrEnum):
    """The ways to treat a possible duplicate that is not said to be an existing row."""

    ADD = "add"
    LEAVE_OUT = "leave_out"


class Problem(Struct, frozen=True):
    """An error in a row: its column, the cell as it is, and what to do."""

    label: str
    cell: str
    message: str


class Change(Struct, frozen=True):
    """A field that gets a value; `old` is empty where there was none."""

    label: str
    old: str
    new: str


class Alike(Struct, frozen=True):
    """A row's possible twin: an existing row (`value` chooses it), or an earlier row (no value)."""

    value: str
    name: str


class Found(Struct, frozen=True):
    """A text that may contain personal details, which Engage does not keep."""

    label: str
    text: str
    kinds: str


class PreviewRow(Struct, frozen=True):
    """A row of the file and what would happen to it."""

    number: int
    name: str
    outcome: Outcome
    changes: tuple[Change, ...] = ()
    problems: tuple[Problem, ...] = ()
    alike: tuple[Alike, ...] = ()
    found: tuple[Found, ...] = ()

    @property
    def token(self) -> str:
        """Returns eight characters that show whether the outcome is still the same."""
        said = repr((self.outcome.value, self.changes, self.problems, self.alike))
        digest = hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=6).digest()
        return base64.urlsafe_b64encode(digest).decode()


class Preview:
    """All rows of a file and what would happen to them."""

    def __init__(self, rows: Iterable[PreviewRow]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def counts(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.rows)

    def of(self, outcome: Outcome) -> tuple[PreviewRow, ...]:
        return tuple(row for row in self.rows if row.outcome is outcome)

    @cached_property
    def wrong(self) -> tuple[PreviewRow, ...]:
        return self.of(Outcome.WRONG)

    @cached_property
    def alike(self) -> tuple[PreviewRow, ...]:
        return self.of(Outcome.ALIKE)

    @cached_property
    def found(self) -> tuple[PreviewRow, ...]:
        return tuple(row for row in self.rows if row.found)

    @property
    def found_accepted(self) -> str:
        """Returns a fingerprint of the texts in question: accepting it accepts these and no others."""
        return personal_details.fingerprint(
            "\n".join(found.text for row in self.found for found in row.found)
        )

    @property
    def writes(self) -> bool:
        """Returns whether saving would or could write anything."""
        return any(self.counts[each] for each in (Outcome.NEW, Outcome.CHANGED, Outcome.ALIKE))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return tuple(row.token for row in self.rows)

    @property
    def seen(self) -> str:
        """Returns what a page carries, to tell later whether the outcome is still the same."""
        return "".join(self.tokens)

    def unlike(self, seen: str) -> tuple[PreviewRow, ...]:
        """Returns the rows whose outcome has changed since `seen` was made."""
        size = 8
        before = [seen[at : at + size] for at in range(0, len(self.tokens) * size, size)]
        return tuple(
            row for row, now, then in zip(self.rows, self.tokens, before, strict=True) if now != then
        )


class Difference(Struct, frozen=True):
    """The values that would be set in an existing row, and whether the file says more than that."""

    sets: dict[str, Value]
    says_more: bool


def difference(
    target: Target, old: Mapping[str, Value], new: Mapping[str, Value], policy: OfThoseHere
) -> Difference:
    """Returns what a file changes: a field that it leaves empty is left alone, unless `new` names it as emptied."""
    unlike = {
        key: value
        for key, value in new.items()
        if key != target.named_by and not target.field(key).is_same(old.get(key, ""), value)
    }
    sets = {
        key: value
        for key, value in unlike.items()
        if policy is OfThoseHere.REPLACE
        or (policy is OfThoseHere.FILL and not _is_something(old.get(key, "")))
    }
    return Difference(sets, len(sets) < len(unlike))


def changes(target: Target, old: Mapping[str, Value], sets: Mapping[str, Value]) -> tuple[Change, ...]:
    """Returns the same in words."""
    return tuple(
        Change(each.label, _shown(each, old.get(each.key, "")), _shown(each, sets[each.key]))
        for each in target.fields
        if each.key in sets and each.key != target.named_by
    )


def doubtful(target: Target, sets: Mapping[str, Value]) -> tuple[Found, ...]:
    """Returns texts to be written that look like personal details or hold a street address."""
    return tuple(
        Found(each.label, text, kinds)
        for each in target.fields
        if each.free and each.key in sets
        for text in [each.shown(sets[each.key])]
        if (kinds := _kinds(text))
    )


def _kinds(text: str) -> str:
    kinds = [kinds_in(details)] if (details := details_in(text)) else []
    return _(" and ").join([*kinds, *([_("a street address")] if names_a_street(text) else [])])


def _is_something(value: Value) -> bool:
    return value is False or bool(value)


def _shown(field: Field, value: Value) -> str:
    return field.shown(value) if _is_something(value) else ""
