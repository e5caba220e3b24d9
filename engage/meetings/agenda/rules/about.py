"""What a line of an agenda is about, as a short text in its row: "action:14", "indicator:7:beds". Plain Python."""

from dataclasses import dataclass
from enum import StrEnum


class AboutKind(StrEnum):
    """Things are named as people name them: by number where they have one, else by key or id."""

    ACTION = "action"
    NEED = "need"
    AGREEMENT = "agreement"
    DECISION = "decision"
    # A round's id and the key of a statement in it.
    INDICATOR = "indicator"
    SECTOR = "sector"
    SEAT = "seat"
    TIP = "tip"
    # An agenda to start from and the key of a line in it.
    TEMPLATE = "template"
    # A line of an earlier agenda that was about nothing else.
    LINE = "line"
    # Not a thing: the line is a break.
    BREAK = "break"


_PARTS = {AboutKind.INDICATOR: 2, AboutKind.TEMPLATE: 2, AboutKind.BREAK: 0}
_NUMBERS = {
    AboutKind.ACTION,
    AboutKind.NEED,
    AboutKind.AGREEMENT,
    AboutKind.DECISION,
    AboutKind.SEAT,
    AboutKind.LINE,
}
LARGEST = 2**31 - 1


@dataclass(frozen=True, slots=True)
class About:
    """`names` are its parts: a number or a key, or an id and a key."""

    kind: AboutKind
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ":".join((self.kind.value, *self.names))

    @property
    def number(self) -> int:
        """Its number or id; of an indicator the round's id."""
        return int(self.names[0])

    @property
    def key(self) -> str:
        return self.names[-1]


def about(kind: AboutKind, *names: int | str) -> str:
    """As a row holds it."""
    return str(About(kind, tuple(map(str, names))))


def read(text: str) -> About | None:
    """None for what is about nothing, or was written by something that is no longer there."""
    kind, *names = text.split(":")
    if kind not in set(AboutKind):
        return None
    found = About(AboutKind(kind), tuple(names))
    if len(names) != _PARTS.get(found.kind, 1) or "" in names:
        return None
    numbered = found.kind in _NUMBERS or found.kind is AboutKind.INDICATOR
    return None if numbered and not _is_number(names[0]) else found


def _is_number(text: str) -> bool:
    return text.isdecimal() and text.isascii() and len(text) <= 10 and 0 < int(text) <= LARGEST
