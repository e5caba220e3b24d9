"""Reads vCards (RFC 2426 and 6350): of each contact only what a list of people can hold.

Notes, birthdays, street addresses and photos are passed over before anything in them is read.
"""

import quopri
import re
from collections.abc import Iterator

from icalendar import vOrg
from msgspec import Struct

from engage.imports.reading import Trouble, Unreadable, decoded
from engage.limits import LONGEST_CELL, MOST_ROWS

_BEGINS = re.compile(r"\s*BEGIN:VCARD\b", re.IGNORECASE)
# A property's name, which may follow a group as in "item1.EMAIL", then its parameters and its value.
_LINE = re.compile(
    r"(?:[\w-]+\.)?(BEGIN|END|FN|N|EMAIL|TEL|ORG|ROLE|X-SECTOR)((?:;[^\":;]*(?:\"[^\"]*\"[^\":;]*)*)*):(.*)",
    re.IGNORECASE | re.DOTALL,
)
_FOLD = re.compile(r"\r?\n[ \t]")
# In such a line of vCard 2.1, which phones still write, a = at the end says that the value goes on.
_SOFT_BREAK = re.compile(
    r"^[^:\n]{0,200}QUOTED-PRINTABLE[^:\n]{0,200}:(?:[^\n]*=\r?\n)+", re.IGNORECASE | re.MULTILINE
)
# Numbers of these kinds are not for calling a person about the coalition.
_NOT_CALLED = frozenset({"FAX", "PAGER", "HOME"})


class Contact(Struct):
    """A person's card, as texts; of several addresses or numbers, the preferred one comes first."""

    name: str = ""
    emails: list[str] = []
    phones: list[str] = []
    organization: str = ""
    sector: str = ""
    role: str = ""


def is_vcard(raw: bytes) -> bool:
    start = raw[:200].replace(b"\0", b"").lstrip(b"\xff\xfe\xef\xbb\xbf")
    return _BEGINS.match(start.decode("ascii", "replace")) is not None


def contacts_in(raw: bytes) -> list[Contact]:
    """Returns the contacts of a file. Raises Unreadable; its row is the number of the card."""
    found: list[Contact] = []
    card: Contact | None = None
    for name, told, value in _properties(decoded(raw)):
        number = len(found) + 1
        if len(value) > LONGEST_CELL:
            raise Unreadable(Trouble.LONG_CELL, number)
        if name in {"BEGIN", "END"}:
            if (name == "BEGIN") is (card is not None):
                raise Unreadable(Trouble.CARD, number)
            if number > MOST_ROWS:
                raise Unreadable(Trouble.MANY_ROWS)
            found += [card] if card is not None else []
            card = Contact() if card is None else None
        elif card is not None:
            _take(card, name, told, value)
    if card is not None:
        raise Unreadable(Trouble.CARD, len(found) + 1)
    return found


def _properties(text: str) -> Iterator[tuple[str, set[str], str]]:
    """Yields the name, the words of the parameters and the value of each property that is read."""
    text = _SOFT_BREAK.sub(lambda match: re.sub(r"=\r?\n", "", match[0]), text)
    for line in re.split(r"\r?\n", _FOLD.sub("", text)):
        # The whole of a long line, such as a photo, would take long to match.
        if match := _LINE.fullmatch(line[: LONGEST_CELL + 1]):
            value = match[3] if len(line) <= LONGEST_CELL else line
            yield match[1].upper(), set(re.findall(r"[\w-]+", match[2].upper())), value


def _take(card: Contact, name: str, told: set[str], value: str) -> None:
    if "QUOTED-PRINTABLE" in told:
        value = quopri.decodestring(value.encode()).decode("utf-8", "replace")
    text = re.sub(r"\\(.)", lambda match: "\n" if match[1] in "nN" else match[1], value)
    match name:
        case "FN":
            card.name = text or card.name
        case "N":
            family, given, additional, *_titles = [*vOrg.from_ical(value), "", "", ""]
            card.name = card.name or " ".join(f"{given} {additional} {family}".split())
        case "ORG":
            card.organization = vOrg.from_ical(value)[0]
        case "ROLE":
            card.role = text
        case "X-SECTOR":
            card.sector = text
        case "EMAIL":
            card.emails.insert(0 if "PREF" in told else len(card.emails), text)
        case "TEL" if "CELL" in told or not told & _NOT_CALLED:
            card.phones.insert(0 if told & {"PREF", "CELL"} else len(card.phones), text.removeprefix("tel:"))
