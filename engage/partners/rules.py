"""Rules of partners: which organizations may be the same one under two names."""

import re
from difflib import SequenceMatcher
from enum import IntEnum, StrEnum


class Level(IntEnum):
    """How firm a relationship is (Frey's levels of collaboration)."""

    NONE = 0
    NETWORKING = 1
    COOPERATION = 2
    COORDINATION = 3
    COALITION = 4
    COLLABORATION = 5


class TagKind(StrEnum):
    """What an organization can have several of. Disciplines and focus areas are keys, the others words."""

    DISCIPLINE = "discipline"
    AREA = "area"
    SERVICE = "service"
    SERVES = "serves"
    COUNTY = "county"
    LANGUAGE = "language"


class ContactPlace(StrEnum):
    MAIN = "main"
    ALTERNATE = "alternate"
    OTHER = "other"


class AgreementKind(StrEnum):
    MOU = "mou"
    PLEDGE = "pledge"
    DATA_SHARING = "data_sharing"
    SUBAWARD = "subaward"
    OTHER = "other"


class AgreementState(StrEnum):
    """Where an agreement stands. Expired is derived from its end; *no agreement* is no row."""

    DRAFTING = "drafting"
    WITH_BOARD = "with_board"
    SIGNED = "signed"
    DECLINED = "declined"
    ENDED = "ended"


# Words that many names share and that therefore say nothing about being the same.
_COMMON = frozenset(
    [
        "a",
        "an",
        "and",
        "at",
        "co",
        "company",
        "corp",
        "county",
        "for",
        "foundation",
        "inc",
        "llc",
        "ltd",
        "of",
        "s",
        "the",
    ]
)
ALIKE_FROM = 0.82


def core_words(folded_name: str) -> list[str]:
    """The words of a folded name that tell it from others; all of them where none would be left."""
    words = re.findall(r"\w+", folded_name)
    return [word for word in words if word not in _COMMON] or words


def are_alike(first: str, second: str) -> bool:
    """Whether two folded names may mean one organization: same words, one within the other, or a slip."""
    a, b = core_words(first), core_words(second)
    if not a or not b:
        return False
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    if _initials(a) == "".join(b) or _initials(b) == "".join(a):
        return True
    return SequenceMatcher(None, " ".join(a), " ".join(b)).ratio() >= ALIKE_FROM


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""
