"""Parses and writes the subject of an agenda's line as short text: "action:14", "indicator:7:beds"."""

from enum import StrEnum

from msgspec import Struct

from engage.numbers import whole_number


class AboutKind(StrEnum):
    """The kinds of subjects. The text of a subject contains a number if that kind has numbers, else a key."""

    ACTION = "action"
    NEED = "need"
    AGREEMENT = "agreement"
    DECISION = "decision"
    # The text contains a round's id and the key of a statement.
    INDICATOR = "indicator"
    SECTOR = "sector"
    RECRUITMENT = "seat"
    TIP = "tip"
    # The text contains the keys of an agenda template and of one of its lines.
    TEMPLATE = "template"
    # The text contains the id of an earlier agenda's line that had no subject itself.
    LINE = "line"
    # The line has no subject, because it is a break.
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


class AgendaAbout(Struct, frozen=True):
    """The subject of a line; `names` are its parts: a number or a key, or an id and a key."""

    kind: AboutKind
    names: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ":".join((self.kind.value, *self.names))

    @property
    def number(self) -> int:
        """Returns the subject's number or id; for a statement, the round's id."""
        return int(self.names[0])

    @property
    def key(self) -> str:
        return self.names[-1]


def about(kind: AboutKind, *names: int | str) -> str:
    """Returns the subject in the form that the database stores."""
    return str(AgendaAbout(kind, tuple(map(str, names))))


def read(text: str) -> AgendaAbout | None:
    """Parses the stored text; returns None if it is empty or its kind no longer exists."""
    kind, *names = text.split(":")
    if kind not in set(AboutKind):
        return None
    found = AgendaAbout(AboutKind(kind), tuple(names))
    if len(names) != _PARTS.get(found.kind, 1) or "" in names:
        return None
    numbered = found.kind in _NUMBERS or found.kind is AboutKind.INDICATOR
    return None if numbered and not 0 < (whole_number(names[0], digits=10) or 0) <= LARGEST else found
