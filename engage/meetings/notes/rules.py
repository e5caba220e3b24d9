"""Merges what several recorders typed on one line, by field, so that no one overwrites another's text."""

import hashlib
from collections.abc import Iterable

from msgspec import Struct

from engage.meetings.rules import Outcome


def meant(who: str, names: Iterable[str]) -> list[str]:
    """Returns the people whom a typed name may mean: by first name, else by its start; all are folded."""
    known = list(names)
    return [each for each in known if each.partition(" ")[0] == who] or [
        each for each in known if each.startswith(who)
    ]


class Said(Struct, frozen=True):
    """The notes and the outcome of a line."""

    notes: str
    outcome: Outcome


class OpenedNotes(Struct, frozen=True):
    """Fingerprints of the texts when the page was opened, which the page sends back."""

    notes: str
    outcome: str

    @classmethod
    def of(cls, said: Said) -> "OpenedNotes":
        return cls(fingerprint(said.notes), said.outcome.value)

    @classmethod
    def read(cls, text: str) -> "OpenedNotes":
        """Parses the fingerprints from a form; a missing or invalid one matches no text."""
        outcome, _space, notes = text.partition(" ")
        return cls(notes, outcome)

    def __str__(self) -> str:
        return f"{self.outcome} {self.notes}"


class Merge(Struct, frozen=True):
    """What to save, and the names of fields with a conflict: someone else saved another text meanwhile."""

    said: Said
    clashes: frozenset[str]


def merged(typed: Said, saved: Said, opened: OpenedNotes) -> Merge:
    """Returns the typed texts of fields that only this page changed, else the saved text."""
    wanted, now = OpenedNotes.of(typed), OpenedNotes.of(saved)
    notes = _Field(opened.notes, now.notes, wanted.notes)
    outcome = _Field(opened.outcome, now.outcome, wanted.outcome)
    said = Said(
        typed.notes if notes.is_taken else saved.notes,
        typed.outcome if outcome.is_taken else saved.outcome,
    )
    clashes = {"notes": notes.clashes, "outcome": outcome.clashes}
    return Merge(said, frozenset(name for name, both in clashes.items() if both))


class _Field(Struct, frozen=True):
    """Fingerprints of one field: when the page was opened, as saved now, and as typed."""

    opened: str
    now: str
    wanted: str

    @property
    def is_taken(self) -> bool:
        return self.wanted != self.opened == self.now

    @property
    def clashes(self) -> bool:
        return len({self.opened, self.now, self.wanted}) == 3


def fingerprint(text: str) -> str:
    """Returns a fingerprint of exactly this text."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()[:16]
