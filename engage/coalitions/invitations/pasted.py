"""Reads addresses out of pasted text: a mail program's list, a spreadsheet's columns, one per line."""

import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

# An address starts where a word starts, and a word is matched without backtracking: a long one without @
# would cost seconds.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"])[^\s<>()\[\],;:\"@]*+@[^\s<>()\[\],;:\"]*+")
_AROUND = " \t\"'<>()[],;:•·*–—|&-"
# A spreadsheet's column is pasted with its name.
_HEADING = re.compile(r"\s*(?:e-?\s?mail|correo)s?(?: address(?:es)?| electr[oó]nico)?:?\s*", re.IGNORECASE)
# Mail programs lead an address with marks of its direction, and lists with dots and numbers.
_MARKS = str.maketrans(dict.fromkeys("\u200e\u200f\u2060"))
_SEPARATOR = re.compile(r"[,;\t\"]")
NAME_LONGEST = 120


class Addressee(Struct, frozen=True):
    """A person to invite: the folded address and the name that stood beside it, if any."""

    email: str
    name: str = ""


class Pasted(Struct, frozen=True):
    """The people that the text names, each of them once, and the pieces that are not an address."""

    people: tuple[Addressee, ...]
    bad: tuple[str, ...]


def read(text: str) -> Pasted:
    """Reads every address; if an address occurs twice, the first name given with it counts."""
    people: dict[str, str] = {}
    bad: dict[str, None] = {}
    for line in _without_heading(text.translate(_MARKS).splitlines()):
        for address, name in _pieces(line):
            email = address.rstrip(".").removeprefix("mailto:").casefold()
            if not _is_address(email) or len(name) > NAME_LONGEST:
                bad[" ".join(f"{name} {address}".split())] = None
            else:
                people[email] = people.get(email) or name
    return Pasted(tuple(Addressee(email, name) for email, name in people.items()), tuple(bad))


def _without_heading(lines: list[str]) -> list[str]:
    first = next((n for n, line in enumerate(lines) if line.strip()), None)
    if (
        first is None
        or "@" in lines[first]
        or not any(_HEADING.fullmatch(cell) for cell in lines[first].split("\t"))
    ):
        return lines
    return lines[first + 1 :]


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Yields (address, name) pairs of one line; the address is empty if a piece has none."""
    found = _ADDRESS.findall(line)
    if len(found) == 1:
        yield found[0], _name(_beside(line, found[0]))
        return
    waiting: list[str] = []
    for piece in _parted(line):
        addresses = _ADDRESS.findall(piece)
        if not addresses:
            waiting += [piece] if piece.strip(_AROUND) else []
            continue
        name = _name(",".join([*waiting, _ADDRESS.sub(" ", piece)]))
        waiting = []
        for address in addresses:
            yield address, name if address is addresses[0] else ""
    if waiting:
        yield "", " ".join("".join(waiting).split())


def _beside(line: str, address: str) -> str:
    """Returns the words beside the only address of a line.

    In a spreadsheet's row a name stands before the address, or else right behind it; further cells hold other things.
    """
    before, own, *behind = _cells_around(line, address)
    if before.strip(_AROUND) or own.strip(_AROUND):
        return f"{before} {own}"
    return behind[0] if behind else ""


def _cells_around(line: str, address: str) -> list[str]:
    """Returns what stands in cells before the address, in its own cell, and in each cell behind."""
    cells = line.split("\t")
    at = next(n for n, cell in enumerate(cells) if address in cell)
    return [" ".join(cells[:at]), cells[at].replace(address, " "), *cells[at + 1 :]]


def _parted(line: str) -> Iterator[str]:
    """Yields the pieces between commas or semicolons, but does not split inside quotes ("Lee, Ann")."""
    start, quotes = 0, line.count('"')
    for sign in _SEPARATOR.finditer(line):
        if sign[0] == '"':
            quotes -= 1
        elif quotes % 2 == 0:
            yield line[start : sign.start()]
            start = sign.end()
    yield line[start:]


def _name(text: str) -> str:
    """Returns the name from the words beside an address; "Lee, Ann" becomes Ann Lee."""
    words = re.sub(r"[<>()\[\]\"]", " ", text).replace("mailto:", " ")
    parts = [part for part in (piece.strip(_AROUND) for piece in re.split("[,;]", words)) if part]
    if len(parts) == 2 and " " not in parts[0]:
        parts.reverse()
    name = " ".join(" ".join(parts).split()).removesuffix(" .")
    return name if any(map(str.isalpha, name)) else ""


def _is_address(text: str) -> bool:
    try:
        validate_email(text, check_deliverability=False)
    except EmailNotValidError:
        return False
    return len(text) <= 254
