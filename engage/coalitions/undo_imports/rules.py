"""Rules for what an import changed and what of it can be undone, on plain values."""

import hashlib
import json
from base64 import urlsafe_b64encode
from collections.abc import Collection, Iterable, Mapping
from typing import Any

from msgspec import Struct

# A row, as its table's name and its id.
Key = tuple[str, int]

# A person does not see these columns; a row in which only they changed was not changed.
SILENT = frozenset({"version", "moved_at"})


class Record(Struct, frozen=True):
    """A row that an import added, changed or removed.

    An added row has a `state`, a digest of its values after the import; a changed row also has the `before`
    of its changed columns; a removed row only has its `values`.
    """

    table: str
    id: int
    state: str = ""
    before: Mapping[str, object] | None = None
    values: Mapping[str, Any] | None = None

    @property
    def key(self) -> Key:
        return self.table, self.id

    @property
    def is_added(self) -> bool:
        return self.before is None and self.values is None


def state_of(values: Mapping[str, object]) -> str:
    """Returns a digest of a row's values in JSON's form, so that a copy need not store them.

    Empty values do not count, so that a new column with an empty default changes nothing.
    """
    said = {name: value for name, value in values.items() if value or value is False}
    text = json.dumps(said, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return urlsafe_b64encode(hashlib.blake2b(text.encode(), digest_size=12).digest()).decode()


def records_of(
    table: str, before: Mapping[int, Mapping[str, object]], after: Mapping[int, Mapping[str, object]]
) -> list[Record]:
    """Returns what differs in the rows of a table, given by id and in JSON's form, before and after an import."""
    found = []
    for key, row in after.items():
        old = before.get(key)
        if old is None:
            found.append(Record(table, key, state_of(row)))
        elif old != row:
            changed = {name: value for name, value in old.items() if value != row[name]}
            found.append(Record(table, key, state_of(row), changed))
    return [*found, *(Record(table, key, values=row) for key, row in before.items() if key not in after)]


def worth_keeping(records: Iterable[Record], parents: Mapping[Key, Key]) -> list[Record]:
    """Returns the records without rows in which only a version changed, unless one of their parts changed.

    `parents` are the rows to which recorded parts belong, such as the action of a helper.
    """
    with_parts = set(parents.values())
    return [
        each for each in records if each.before is None or set(each.before) - SILENT or each.key in with_parts
    ]


def free_of(
    open_: Collection[Key], holders: Mapping[Key, Collection[Key]]
) -> tuple[set[Key], dict[Key, set[Key]]]:
    """Returns which rows can be undone, and what keeps each of the others.

    A row is kept by each of its `holders` that cannot be undone itself: something refers to it that stays,
    or it is part of something that stays. `open_` are the rows that nothing else prevents.
    """
    free = set(open_)
    while stopped := {key for key in free if not free.issuperset(holders.get(key, ()))}:
        free -= stopped
    return free, {key: set(holders[key]) - free for key in open_ if key not in free}
