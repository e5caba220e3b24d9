"""Finds the row that names a table's columns, what each column means, and which columns hold addresses.

`known` maps each field of the target to the column names that people use for it, as `normal` returns them.
"""

import re
from collections import Counter
from collections.abc import Collection, Mapping

from msgspec import Struct

from engage.database import folded
from engage.imports.reading import HEADS_WITHIN, ReadFile, Record
from engage.personal_details import begins_with_a_street

Known = Mapping[str, Collection[str]]
SAMPLES = 3


class ImportColumn(Struct, frozen=True):
    """A column that is not empty. `samples` are its first distinct cells."""

    index: int
    heading: str
    samples: tuple[str, ...]
    filled: int
    holds_addresses: bool

    @property
    def letter(self) -> str:
        """Returns the column's name in a spreadsheet: A to Z, AA..."""
        name, number = "", self.index + 1
        while number:
            number, rest = divmod(number - 1, 26)
            name = chr(ord("A") + rest) + name
        return name

    @property
    def named(self) -> str:
        return self.heading or self.letter


def normal(heading: str) -> str:
    """Returns the form in which column names are compared.

    "Contact E-mail (2)" becomes "contact e mail 2", and "Goal(s)" becomes "goal".
    """
    return " ".join(re.findall(r"[^\W\d_]+|\d+", folded(heading).replace("(s)", "")))


def heading_of(sheet: ReadFile, known: Known) -> int:
    """Returns the number of the row that names the columns: one of the first rows, with the most known names.

    If no name is known, it is the first row with text in at least half of the columns, or 0 if that row
    contains an e-mail address or a number, because such a row is data.
    """
    names = {name for each in known.values() for name in each}
    first = sheet.records[:HEADS_WITHIN]
    best = max(first, key=lambda record: len({normal(cell) for cell in record.cells} & names))
    if {normal(cell) for cell in best.cells} & names:
        return best.number
    full = (record for record in first if sum(map(bool, record.cells)) * 2 >= sheet.width)
    found = next(full, first[0])
    return (
        0
        if any("@" in cell or re.fullmatch(r"[\d./-]+", cell.strip()) for cell in found.cells)
        else found.number
    )


def columns_of(sheet: ReadFile, heading: int) -> tuple[ImportColumn, ...]:
    """Returns the columns with a name or any cell; `heading` is the row that names them, 0 for none."""
    names = next((record for record in sheet.records if record.number == heading), Record(0, ()))
    rows = sheet.below(heading)
    found = []
    for index in range(sheet.width):
        cells = [cell for record in rows if (cell := record.cell(index).strip())]
        name = " ".join(names.cell(index).split())
        if name or cells:
            samples = tuple(dict.fromkeys(cells[:50]))[:SAMPLES]
            found.append(ImportColumn(index, name, samples, len(cells), _are_addresses(name, cells)))
    return tuple(found)


def guessed(
    columns: Collection[ImportColumn],
    known: Known,
    *,
    joining: Collection[str] = (),
    lists: Collection[str] = (),
) -> dict[int, str]:
    """Returns the field of each column whose name is known.

    Fields in `joining` accept several columns; those in `lists` also accept numbered ones: "Language 1",
    "Language 2". Of other columns with the same name, such as "Goal" and "Goal #", none is taken on a guess.
    """
    same = Counter(normal(column.heading) for column in columns)
    by_name = {name: key for key, names in known.items() for name in names}
    found: dict[int, str] = {}
    for column in columns:
        name = normal(column.heading)
        key = by_name.get(name, "")
        if not key:
            key = by_name.get(name.rstrip("0123456789").removesuffix(" "), "")
            key = key if key in lists else ""
        is_clear = key in joining or (same[name] == 1 and key not in found.values())
        if key and not column.holds_addresses and is_clear:
            found[column.index] = key
    return found


# -- street addresses are never imported, because one may be a shelter's

_SAID = frozenset(
    re.findall(
        r"\w+",
        "address addresses addr street streets zip zipcode postcode postal suite apt apartment pobox"
        " latitude longitude lat lng gps coordinates geocode directions direccion calle domicilio",
    )
)
# Names with these words, such as "e-mail address" or "street outreach", are not about a place.
_OTHERWISE = frozenset("mail email correo web website internet url outreach language languages".split())  # noqa: SIM905
# In a date column, five digits are Excel's number of a day, and in a column of references an action's number.
_NOT_ZIP = frozenset(
    "date due deadline when start starts started begin end ends finish done completed ref".split()  # noqa: SIM905
)
_ZIP = re.compile(r"\d{5}(?:-\d{4})?")


def _are_addresses(name: str, cells: list[str]) -> bool:
    said = set(normal(name).split())
    if said & _SAID and not said & _OTHERWISE:
        return True
    may_be_zip = not said & _NOT_ZIP
    found = sum(bool(begins_with_a_street(cell) or (may_be_zip and _ZIP.fullmatch(cell))) for cell in cells)
    return found > 0 and found * 5 >= len(cells)
