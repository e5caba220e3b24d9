"""Merges what several recorders typed on one line, field by field, so that no one overwrites another's text."""

import hashlib
from collections.abc import Iterable

from msgspec import Struct

from engage.meetings.rules import Outcome


def meant(who: str, names: Iterable[str]) -> list[str]:
    """Returns the people a typed name may mean, by first name, else by the beginning of the name; all folded."""
    known = list(names)
    return [each for each in known if each.partition(" ")[0] == who] or [
        each for each in known if each.startswith(who)
    ]


class Said(Struct, frozen=True):
    """What is recorded on a line."""

    notes: str
    outcome: Outcome


class Opened(Struct, frozen=True):
    """Fingerprints of the texts that the page showed when it was opened; the page sends them back."""

    notes: str
    outcome: str

    @classmethod
    def of(cls, said: Said) -> "Opened":
        return cls(fingerprint(said.notes), said.outcome.value)

    @classmethod
    def read(cls, text: str) -> "Opened":
        """Reads the fingerprints from a form; a missing or broken one matches no text."""
        outcome, _space, notes = text.partition(" ")
        return cls(notes, outcome)

    def __str__(self) -> str:
        return f"{self.outcome} {self.notes}"


class Merge(Struct, frozen=True):
    """What to save, and the names of fields in which someone else saved another text in the meantime."""

    said: Said
    clashes: frozenset[str]


def merged(typed: Said, saved: Said, opened: Opened) -> Merge:
    """Takes the typed text of fields that this page changed; a field that both sides changed keeps the saved text."""
    wanted, now = Opened.of(typed), Opened.of(saved)
    notes = _Field(opened.notes, now.notes, wanted.notes)
    outcome = _Field(opened.outcome, now.outcome, wanted.outcome)
    said = Said(
        typed.notes if notes.is_taken else saved.notes,
        typed.outcome if outcome.is_taken else saved.outcome,
    )
    clashes = {"notes": notes.clashes, "outcome": outcome.clashes}
    return Merge(said, frozenset(name for name, both in clashes.items() if both))


class _Field(Struct, frozen=True):
    """Fingerprints of one field: as it was when the page was opened, as it is saved now, and as typed."""

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
