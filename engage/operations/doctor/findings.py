"""Defines a finding of `engage doctor`, and its severity."""

from collections.abc import Iterable
from enum import StrEnum

from msgspec import Struct


class Sign(StrEnum):
    """The severity of a finding; the worst one is the command's exit code: 0, 1, 2."""

    OK = "ok"
    LOOK = "look"
    FIX = "fix"


class DoctorFinding(Struct, frozen=True):
    """A finding; `words` describe it and, unless all is well, say how to fix it."""

    what: str
    sign: Sign
    words: str


def ok(what: str, words: str) -> DoctorFinding:
    return DoctorFinding(what, Sign.OK, words)


def look(what: str, words: str) -> DoctorFinding:
    return DoctorFinding(what, Sign.LOOK, words)


def fix(what: str, words: str) -> DoctorFinding:
    return DoctorFinding(what, Sign.FIX, words)


def exit_code(findings: Iterable[DoctorFinding]) -> int:
    return max((list(Sign).index(each.sign) for each in findings), default=0)
