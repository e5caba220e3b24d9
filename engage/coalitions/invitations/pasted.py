"""Reads addresses out of pasted text: a mail program's list, a spreadsheet's columns, or one per line."""

import csv
import re
from collections.abc import Iterator

from email_validator import EmailNotValidError, validate_email
from msgspec import Struct

# An address starts at the beginning of a word, and a word is matched without backtracking, because a long one
# without @ would take seconds.
_ADDRESS = re.compile(r"(?<![^\s<>()\[\],;:\"])[^\s<>()\[\],;:\"@]*+@[^\s<>()\[\],;:\"]*+")
_AROUND = " \t\"'<>()[],;:•·*–—|&/-"
# The heading of a spreadsheet's column of addresses, which may be pasted with it.
_HEADING = re.compile(
    r"\s*(?:(?:work|contact|primary|main|personal|office) )?"
    r"(?:e-?\s?mail|correo)s?(?: address(?:es)?| electr[oó]nico)?:?\s*",
    re.IGNORECASE,
)
# Headings of columns with a whole name, then of those with a first and a last name, in this order.
_WHOLE_NAME = re.compile(
    r"\s*(?:(?:(?:full|contact|member) )?name|contact(?: person)?|member|nombre)\s*", re.IGNORECASE
)
_NAME_PARTS = (
    re.compile(r"\s*(?:(?:first|given)(?: name)?|nombres?)\s*", re.IGNORECASE),
    re.compile(r"\s*(?:(?:last|family)(?: name)?|surname|apellidos?)\s*", re.IGNORECASE),
)
# The line with the columns' headings is among the first lines: a title may come before it.
_HEADS_WITHIN = 10
# Mail programs put invisible marks of text direction before an address, and lists put dots and numbers there.
_MARKS = str.maketrans(dict.fromkeys("\u200e\u200f\u2060"))
_SEPARATOR = re.compile(r"[,;\t\"]")
NAME_LONGEST = 120


class Addressee(Struct, frozen=True):
    """A person to invite: the address as it is stored, and the name beside it, if any."""

    email: str
    name: str = ""


class Pasted(Struct, frozen=True):
    """The people that the text names, each of them once, and the parts of the text that are not an address."""

    people: tuple[Addressee, ...]
    bad: tuple[str, ...]


def read(text: str) -> Pasted:
    """Reads every address; if an address occurs twice, the first name given with it is used."""
    people: dict[str, str] = {}
    bad: dict[str, None] = {}
    lines = text.translate(_MARKS).splitlines()
    heading = _heading(lines)
    sign = _sign(lines[heading]) if heading is not None else ""
    names = _name_columns(_cells(lines[heading], sign)) if heading is not None else []
    for line in lines if heading is None else lines[heading + 1 :]:
        for address, name in _cells_named(line, sign, names) if names else _pieces(line):
            email = address.rstrip(".").removeprefix("mailto:").casefold()
            if not _is_address(email) or len(name) > NAME_LONGEST:
                bad[" ".join(f"{name} {address}".split())] = None
            else:
                people[email] = people.get(email) or name
    return Pasted(tuple(Addressee(email, name) for email, name in people.items()), tuple(bad))


def _heading(lines: list[str]) -> int | None:
    """Returns the index of the line with a spreadsheet's headings; None if there is none above the addresses."""
    for n, line in enumerate(lines[:_HEADS_WITHIN]):
        if "@" in line:
            return None
        if any(_HEADING.fullmatch(cell) for cell in _cells(line, _sign(line))):
            return n
    return None


def _sign(line: str) -> str:
    return next((sign for sign in "\t;," if sign in line), "\t")


def _cells(line: str, sign: str) -> list[str]:
    if len(line) > csv.field_size_limit():  # the reader would raise an error, and no real row is this long
        return [line]
    return next(csv.reader([line], delimiter=sign, skipinitialspace=True), [])


def _name_columns(cells: list[str]) -> list[int]:
    """Returns the indexes of the columns with names, the first name's before the last name's."""
    parts = [n for part in _NAME_PARTS for n in [_first(part, cells)] if n is not None]
    whole = _first(_WHOLE_NAME, cells)
    return parts if len(parts) == 2 or whole is None else [whole]


def _first(pattern: re.Pattern[str], cells: list[str]) -> int | None:
    return next((n for n, cell in enumerate(cells) if pattern.fullmatch(cell)), None)


def _cells_named(line: str, sign: str, names: list[int]) -> Iterator[tuple[str, str]]:
    """Yields (address, name) pairs of a row below headings; the name comes only from the columns for names."""
    cells = _cells(line, sign)
    found = [address for cell in cells for address in _ADDRESS.findall(cell)]
    name = _name(" ".join(cells[n] for n in names if n < len(cells)))
    for address in found:
        yield address, name if address is found[0] else ""
    if not found and any(cell.strip(_AROUND) for cell in cells):
        yield "", " ".join(cell.strip() for cell in cells if cell.strip())


def _pieces(line: str) -> Iterator[tuple[str, str]]:
    """Yields (address, name) pairs of one line; the address is empty for a part that has none."""
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
        yield "", " ".join(" ".join(waiting).split())


def _beside(line: str, address: str) -> str:
    """Returns the text beside the only address of a line.

    In a spreadsheet's row, the name is before the address or in the next cell after it; other cells hold
    other things.
    """
    before, own, *behind = _cells_around(line, address)
    if before.strip(_AROUND) or own.strip(_AROUND):
        return f"{before} {own}"
    return behind[0] if behind else ""


def _cells_around(line: str, address: str) -> list[str]:
    """Returns the text in cells before the address, the other text in its own cell, and that in each cell after."""
    cells = line.split("\t")
    at = next(n for n, cell in enumerate(cells) if address in cell)
    # A cell without letters, such as a row number or a phone number, is not a name.
    before = [cell for cell in cells[:at] if any(map(str.isalpha, cell))]
    return [" ".join(before), cells[at].replace(address, " "), *cells[at + 1 :]]


def _parted(line: str) -> Iterator[str]:
    """Yields the parts between commas or semicolons, but does not split inside quotes ("Lee, Ann")."""
    start, quotes = 0, line.count('"')
    for sign in _SEPARATOR.finditer(line):
        if sign[0] == '"':
            quotes -= 1
        elif quotes % 2 == 0:
            yield line[start : sign.start()]
            start = sign.end()
    yield line[start:]


def _name(text: str) -> str:
    """Returns the name in the text beside an address; "Lee, Ann" becomes Ann Lee."""
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
