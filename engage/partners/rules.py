"""Rules of partners: relationship levels, what must be checked again, and which names may mean one organization."""

import re
from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from difflib import SequenceMatcher
from enum import IntEnum, StrEnum
from itertools import pairwise


class Level(IntEnum):
    """The levels of how firm a relationship is (Frey's levels of collaboration)."""

    NONE = 0
    NETWORKING = 1
    COOPERATION = 2
    COORDINATION = 3
    COALITION = 4
    COLLABORATION = 5


def year_before(day: date) -> date:
    """Returns the same day a year earlier; for February 29, February 28."""
    try:
        return day.replace(year=day.year - 1)
    except ValueError:
        return day.replace(year=day.year - 1, day=28)


def needs_a_look(last_looked: date, today: date) -> bool:
    """Returns whether more than twelve months have passed since someone confirmed that an entry is right."""
    return last_looked < year_before(today)


class TagKind(StrEnum):
    """The kinds of values of which an organization has several.

    Disciplines, focus areas and partnerships are keys, the others are words.
    """

    DISCIPLINE = "discipline"
    AREA = "area"
    SERVICE = "service"
    SERVES = "serves"
    COUNTY = "county"
    LANGUAGE = "language"
    PARTNERSHIP = "partnership"


class PartnershipType(StrEnum):
    """What a partner does with the coalition, in the categories that federal funders ask for."""

    REFERRAL = "referral"
    INFORMATION_SHARING = "information_sharing"
    JOINT_PROGRAMS = "joint_programs"


class Help(StrEnum):
    """The kinds of help that people look for on the referral list, in the order of the list."""

    ADVOCATE = "advocate"
    SHELTER = "shelter"
    HOUSING = "housing"
    BASICS = "basics"
    HEALTH = "health"
    COUNSELING = "counseling"
    RECOVERY = "recovery"
    LEGAL = "legal"
    IMMIGRATION = "immigration"
    YOUTH = "youth"
    WORK = "work"
    LANGUAGE = "language"
    RIDES = "rides"
    PEERS = "peers"
    OTHER = "other"


class ContactPlace(StrEnum):
    MAIN = "main"
    ALTERNATE = "alternate"
    OTHER = "other"


def places_after(
    places: Mapping[int, ContactPlace], contact: int, wanted: ContactPlace
) -> dict[int, ContactPlace]:
    """Returns each contact's place after this contact gets the wanted one.

    An earlier main contact becomes the alternate if there is none, and otherwise an ordinary contact. An
    earlier alternate becomes an ordinary contact.
    """
    after = dict(places) | {contact: wanted}
    if wanted is ContactPlace.OTHER:
        return after
    held = next((key for key, place in places.items() if place is wanted and key != contact), None)
    if held is not None:
        others = {place for key, place in after.items() if key != held}
        free = wanted is ContactPlace.MAIN and ContactPlace.ALTERNATE not in others
        after[held] = ContactPlace.ALTERNATE if free else ContactPlace.OTHER
    return after


def places_joined(
    kept: Mapping[int, ContactPlace], joining: Mapping[int, ContactPlace]
) -> dict[int, ContactPlace]:
    """Returns the places of two organizations' contacts when the organizations are merged.

    Contacts of the kept organization keep their places; the others take free places, the main contact first.
    """
    after = dict(kept)
    for key, place in sorted(joining.items(), key=lambda each: list(ContactPlace).index(each[1])):
        wishes = {
            ContactPlace.MAIN: (ContactPlace.MAIN, ContactPlace.ALTERNATE),
            ContactPlace.ALTERNATE: (ContactPlace.ALTERNATE,),
            ContactPlace.OTHER: (),
        }[place]
        taken = set(after.values())
        after[key] = next((each for each in wishes if each not in taken), ContactPlace.OTHER)
    return after


class AgreementKind(StrEnum):
    MOU = "mou"
    PLEDGE = "pledge"
    DATA_SHARING = "data_sharing"
    SUBAWARD = "subaward"
    OTHER = "other"


class AgreementState(StrEnum):
    """The states of an agreement. Expired is derived from its end; without a row there is no agreement."""

    DRAFTING = "drafting"
    WITH_BOARD = "with_board"
    SIGNED = "signed"
    DECLINED = "declined"
    ENDED = "ended"


# Many names have these words in common, so a shared one does not show that two names mean the same.
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
    """Returns the words of a folded name that distinguish it from others; all of them if none would be left."""
    words = re.findall(r"\w+", folded_name)
    return [word for word in words if word not in _COMMON] or words


def are_alike(first: str, second: str) -> bool:
    """Returns whether two folded names may mean one organization: same words, one within the other, or a typo."""
    a, b = core_words(first), core_words(second)
    if not a or not b:
        return False
    if set(a) <= set(b) or set(b) <= set(a):
        return True
    if _initials(a) == "".join(b) or _initials(b) == "".join(a):
        return True
    slip = SequenceMatcher(None, " ".join(a), " ".join(b))
    # The two quick ratios of difflib are upper bounds of the exact one, and rule out most names of a long
    # list.
    return (
        slip.real_quick_ratio() >= ALIKE_FROM
        and slip.quick_ratio() >= ALIKE_FROM
        and slip.ratio() >= ALIKE_FROM
    )


def fragments(folded_name: str) -> list[str]:
    """Returns LIKE patterns (escape: a backslash).

    Every name that may mean the same as this one matches at least one.
    """
    words = core_words(folded_name)
    patterns = {f"%{_escaped(piece)}%" for word in words for piece in _pieces(word)}
    if initials := _initials(words):
        patterns.add(_with_gaps(initials))
    if len(words) == 1:
        # The name may be the initials of a longer one.
        patterns.add(_with_gaps(words[0][:12]))
    return sorted(patterns)


def _pieces(word: str) -> list[str]:
    """Returns parts of a word so short that any typo that keeps two names alike leaves one part unchanged."""
    number = len(word) // 3 if len(word) > 5 else 2 if len(word) > 3 else 1
    ends = [len(word) * place // number for place in range(number + 1)]
    return [word[start:end] for start, end in pairwise(ends)]


def _with_gaps(letters: str) -> str:
    return "%" + "%".join(map(_escaped, letters)) + "%"


def _escaped(text: str) -> str:
    # In a LIKE pattern "_" stands for any letter; words hold neither of the other two signs that mean something.
    return text.replace("_", "\\_")


def _initials(words: list[str]) -> str:
    return "".join(word[0] for word in words) if len(words) > 1 else ""


# -- months and years


def plus_months(day: date, months: int) -> date:
    """Returns the same day so many months later (earlier if negative), or the last day of a shorter month.

    January 31 plus one month is February 28 or 29. It is counted from the given day in one step, never month
    by month, so that the 31st comes back in the months that have one.
    """
    years, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(years, month + 1, min(day.day, monthrange(years, month + 1)[1]))
