"""Shows what an import would do, row by row, before anything is written."""

import base64
import hashlib
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from engage import personal_details
from engage.i18n import gettext as _
from engage.imports.target import Field, PhoneField, Target, Value
from engage.personal_details import DetailKind, names_a_street
from engage.web.forms import details_in, kinds_in

SHOWN_ROWS = 200
# Up to this many possible duplicates can be decided one by one.
DECIDED_ROWS = 200


class Outcome(StrEnum):
    """What happens to a row. KEPT means that the existing row differs and stays unchanged."""

    WRONG = "wrong"
    ALIKE = "alike"
    NEW = "new"
    CHANGED = "changed"
    SAME = "same"
    KEPT = "kept"
    # Of people: a new one without an address, and one whom an earlier row already names.
    UNREACHED = "unreached"
    TWICE = "twice"


class OfThoseHere(StrEnum):
    """What the file may change in existing rows."""

    REPLACE = "replace"
    FILL = "fill"
    LEAVE = "leave"


class AsNew(StrEnum):
    """What to do with possible duplicates, unless the person said that one is an existing row."""

    ADD = "add"
    LEAVE_OUT = "leave_out"


class ImportProblem(Struct, frozen=True):
    """An error in a row: its column, the cell as it is, and what to do."""

    label: str
    cell: str
    message: str


class Change(Struct, frozen=True):
    """A field whose value changes; `old` is empty if there was no value."""

    label: str
    old: str
    new: str


class PossibleDuplicate(Struct, frozen=True):
    """What a row may duplicate: an existing row (`value` chooses it), or an earlier row (no value)."""

    value: str
    name: str


class FoundRow(Struct, frozen=True):
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
    problems: tuple[ImportProblem, ...] = ()
    alike: tuple[PossibleDuplicate, ...] = ()
    found: tuple[FoundRow, ...] = ()
    # What else the person should know before they choose the row.
    notes: tuple[str, ...] = ()

    @property
    def token(self) -> str:
        """Returns eight characters that differ if the outcome differs."""
        said = repr((self.outcome.value, self.changes, self.problems, self.alike, self.notes))
        digest = hashlib.blake2b(said.encode("utf-8", "replace"), digest_size=6).digest()
        return base64.urlsafe_b64encode(digest).decode()


class Preview:
    """All rows of a file, and what would happen to each."""

    def __init__(self, rows: Iterable[PreviewRow]) -> None:
        self.rows = tuple(rows)

    @cached_property
    def counts(self) -> Counter[Outcome]:
        return Counter(row.outcome for row in self.rows)

    @property
    def listed(self) -> tuple[PreviewRow, ...]:
        """Returns the rows for the page's table."""
        return self.rows[:SHOWN_ROWS]

    @cached_property
    def wrong(self) -> tuple[PreviewRow, ...]:
        return tuple(row for row in self.rows if row.outcome is Outcome.WRONG)

    @cached_property
    def alike(self) -> tuple[PreviewRow, ...]:
        return tuple(row for row in self.rows if row.outcome is Outcome.ALIKE)

    @cached_property
    def found(self) -> tuple[PreviewRow, ...]:
        return tuple(row for row in self.rows if row.found)

    @property
    def found_accepted(self) -> str:
        """Returns a fingerprint of the texts in question, so that accepting them accepts no others."""
        return personal_details.fingerprint(
            "\n".join(found.text for row in self.found for found in row.found)
        )

    @property
    def writes(self) -> bool:
        """Returns whether saving would write anything, or could, depending on possible duplicates."""
        return any(self.counts[each] for each in (Outcome.NEW, Outcome.CHANGED, Outcome.ALIKE))

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        return tuple(row.token for row in self.rows)

    @property
    def seen(self) -> str:
        """Returns a text that the page sends back, so that a changed outcome is noticed."""
        return "".join(self.tokens)

    def unlike(self, seen: str) -> tuple[PreviewRow, ...]:
        """Returns the rows whose outcome differs from the one in `seen`, which an earlier page sent back."""
        size = 8
        before = [seen[at : at + size] for at in range(0, len(self.tokens) * size, size)]
        return tuple(
            row for row, now, then in zip(self.rows, self.tokens, before, strict=True) if now != then
        )


class RowDifference(Struct, frozen=True):
    """The values that would change in an existing row, and whether the file differs in more than that."""

    sets: dict[str, Value]
    says_more: bool


def difference(
    target: Target, old: Mapping[str, Value], new: Mapping[str, Value], policy: OfThoseHere
) -> RowDifference:
    """Returns what a file changes. An empty cell changes nothing, unless `new` says that it was cleared."""
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
    return RowDifference(sets, len(sets) < len(unlike))


def changes(target: Target, old: Mapping[str, Value], sets: Mapping[str, Value]) -> tuple[Change, ...]:
    """Returns the changes with labels and values as texts."""
    return tuple(
        Change(each.label, _shown(each, old.get(each.key, "")), _shown(each, sets[each.key]))
        for each in target.fields
        if each.key in sets and each.key != target.named_by
    )


def noting_new(found: Iterable[Change], is_new: Callable[[Change], bool]) -> tuple[Change, ...]:
    """Adds to what is not here yet that it is new."""
    return tuple(
        replace(each, new=_("%(title)s (new)", title=each.new)) if is_new(each) else each for each in found
    )


def doubtful(target: Target, sets: Mapping[str, Value]) -> tuple[FoundRow, ...]:
    """Returns new texts that look like personal details or, in `free` fields, contain a street address."""
    return tuple(
        FoundRow(each.label, text, kinds)
        for each in target.fields
        if each.is_typed and each.key in sets
        for text in [each.typed(sets[each.key])]
        if (kinds := _kinds(each, text))
    )


def _kinds(field: Field, text: str) -> str:
    numbers = isinstance(field, PhoneField)
    found = [each for each in details_in(text) if not (numbers and each.kind is DetailKind.PHONE)]
    kinds = [kinds_in(found)] if found else []
    return _(" and ").join(
        [*kinds, *([_("a street address")] if field.free and names_a_street(text) else [])]
    )


def _is_something(value: Value) -> bool:
    return value is False or bool(value)


def _shown(field: Field, value: Value) -> str:
    return field.shown(value) if _is_something(value) else ""
