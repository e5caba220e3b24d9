"""Defines a finding of the doctor and its sign."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Sign(StrEnum):
    """The severity of a finding; the worst one is the command's exit code: 0, 1, 2."""

    OK = "ok"
    LOOK = "look"
    FIX = "fix"


class Finding(Struct, frozen=True):
    """A finding; `words` describe it and, unless all is well, say what to do."""

    what: str
    sign: Sign
    words: str


def ok(what: str, words: str) -> Finding:
    return Finding(what, Sign.OK, words)


def look(what: str, words: str) -> Finding:
    return Finding(what, Sign.LOOK, words)


def fix(what: str, words: str) -> Finding:
    return Finding(what, Sign.FIX, words)


def exit_code(findings: Iterable[Finding]) -> int:
    return max((list(Sign).index(each.sign) for each in findings), default=0)
