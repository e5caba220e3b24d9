"""Reads and writes the subject of an agenda's line as a short text: "action:14", "indicator:7:beds"."""

from enum import StrEnum

from msgspec import Struct

from engage.numbers import whole_number


class AboutKind(StrEnum):
    """The kinds of things, named as people name them: by number if they have one, else by key or id."""

    ACTION = "action"
    NEED = "need"
    AGREEMENT = "agreement"
    DECISION = "decision"
    # The text names a round's id and the key of a statement in it.
    INDICATOR = "indicator"
    SECTOR = "sector"
    RECRUITMENT = "seat"
    TIP = "tip"
    # The text names an agenda template and the key of a line in it.
    TEMPLATE = "template"
    # The text names a line of an earlier agenda that had no subject of its own.
    LINE = "line"
    # This is no thing: the line is a break.
    BREAK = "break"


_PARTS = {AboutKind.INDICATOR: 2, AboutKind.TEMPLATE: 2, AboutKind.BREAK: 0}
_NUMBERS = {
    AboutKind.ACTION,
    AboutKind.NEED,
    AboutKind.AGREEMENT,
    AboutKind.DECISION,
    AboutKind.RECRUITMENT,
    AboutKind.LINE,
}
LARGEST = 2**31 - 1


class About(Struct, frozen=True):
    """The thing that a line is about; `names` are its parts: a number or a key, or an id and a key."""

    kind: AboutKind
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ":".join((self.kind.value, *self.names))

    @property
    def number(self) -> int:
        """Returns its number or id; for an indicator, the round's id."""
        return int(self.names[0])

    @property
    def key(self) -> str:
        return self.names[-1]


def about(kind: AboutKind, *names: int | str) -> str:
    """Returns the text that a row stores."""
    return str(About(kind, tuple(map(str, names))))


def read(text: str) -> About | None:
    """Reads the text; returns None if it names nothing or a kind that no longer exists."""
    kind, *names = text.split(":")
    if kind not in set(AboutKind):
        return None
    found = About(AboutKind(kind), tuple(names))
    if len(names) != _PARTS.get(found.kind, 1) or "" in names:
        return None
    numbered = found.kind in _NUMBERS or found.kind is AboutKind.INDICATOR
    return None if numbered and not 0 < (whole_number(names[0], digits=10) or 0) <= LARGEST else found
