"""Describes what a list of people can hold, six fields and nothing else, and finds them in address books' files."""

from collections.abc import Iterable, Sequence

from engage.coalitions.invitations import pasted
from engage.content.import_words import import_words
from engage.content.loader import content
from engage.directory.imports.rules import ADDRESS
from engage.i18n import gettext as _
from engage.imports.columns import heading_of, normal
from engage.imports.guess import suggested
from engage.imports.lines import UnknownValue
from engage.imports.reading import ReadFile, Record, Trouble, Unreadable, decoded, read
from engage.imports.target import (
    LEFT_OUT,
    ChoicesField,
    Email,
    Field,
    Meant,
    PhoneField,
    Target,
    Value,
    in_every_language,
)
from engage.imports.vcards import Contact, contacts_in, is_vcard
from engage.languages import offered
from engage.limits import MOST_CONTACT_COLUMNS, MOST_ROWS
from engage.partners.imports.target import SectorField
from engage.web.csv_files import safe

_WORDS = import_words("people")
_NAMES = (*_WORDS["name"], *_WORDS["given_name"], *_WORDS["family_name"])
_UNCLOSED = frozenset({Trouble.OPEN_QUOTE, Trouble.AFTER_QUOTE})


class PeopleTarget(Target, frozen=True):
    """People as the target of an import. Whatever the file, only these fields of it are passed on."""

    def opens(self, raw: bytes) -> ReadFile:
        """Reads a file of any kind, or a pasted list, as a table of the six fields. Raises Unreadable."""
        if is_vcard(raw):
            return self._table(
                enumerate((list(map(_protected, columns_of(each))) for each in contacts_in(raw)), 2)
            )
        try:
            sheet = read(raw, most_columns=MOST_CONTACT_COLUMNS)
        except Unreadable as error:  # a list from a mail program, in which names are quoted
            if error.trouble in _UNCLOSED and ADDRESS.search(decoded(raw)):
                return self._pasted(raw)
            raise
        heading = heading_of(sheet, self.known)
        head = next((each.cells for each in sheet.records if each.number == heading), ())
        whole, parts, columns = self._places([normal(cell) for cell in head])
        if not (whole or parts or columns["email"]):
            return self._pasted(raw)
        used = {*whole, *parts, *(at for places in columns.values() for at in places)}
        rows = (
            (
                record.number,
                [
                    _first(record, whole)
                    or " ".join(filter(None, (record.cell(at).strip() for at in parts))),
                    *(_first(record, places) for places in columns.values()),
                ],
            )
            for record in sheet.below(heading)
        )
        names = (" ".join(cell.split()) for cell in head)
        unread = tuple(name for at, name in enumerate(names) if name and at not in used)
        return self._table(rows, heading, unread)

    def _places(self, names: Sequence[str]) -> tuple[list[int], list[int], dict[str, list[int]]]:
        """Returns the columns of whole names, those of parts of names, and those of each other field, best first."""
        family = _among(names, _WORDS["family_name"])
        at = [names.index(each) for each in ("nombre",) if each in names and family]
        own = {each.key: _among(names, (each.label, each.key, *each.synonyms)) for each in self.fields}
        given = _among(names, _WORDS["given_name"])
        whole = [each for each in own.pop("name") if each not in {*given, *family, *at}]
        return whole, [*at, *given, *family], own

    def _pasted(self, raw: bytes) -> ReadFile:
        """Reads a list without the names of columns, as the page of invitations reads it."""
        text = decoded(raw)
        if len(ADDRESS.findall(text)) > MOST_ROWS:
            raise Unreadable(Trouble.MANY_ROWS)
        found = pasted.read(text)
        if len(found.people) + len(found.bad) < 2 and not found.people:
            raise Unreadable(Trouble.NO_ROWS)
        people = [*((each.name, each.email) for each in found.people), *((each,) for each in found.bad)]
        cells = (list(map(_protected, each)) for each in people)
        unread = _("everything but names and addresses, because no row names the columns")
        return self._table(enumerate(cells, 2), unread=(unread,))

    def _table(
        self, rows: Iterable[tuple[int, list[str]]], heading: int = 1, unread: tuple[str, ...] = ()
    ) -> ReadFile:
        head = Record(heading, tuple(each.label for each in self.fields))
        records = (Record(number, tuple(cells)) for number, cells in rows if any(map(str.strip, cells)))
        return ReadFile((head, *records), unread)


def _protected(text: str) -> str:
    """Returns a text as a table has it, from whose cells a spreadsheet's protection is taken off."""
    return str(safe(text))


def columns_of(card: Contact) -> list[str]:
    """Returns what a card holds of each field, in the fields' order."""
    first = [next(iter(each), "") for each in (card.emails, card.phones)]
    return [card.name, *first, card.organization, card.sector, card.role]


def _among(names: Sequence[str], wanted: Iterable[str]) -> list[int]:
    return [names.index(name) for name in dict.fromkeys(map(normal, wanted)) if name in names]


def _first(record: Record, columns: Iterable[int]) -> str:
    return next((text for at in columns if (text := record.cell(at).strip())), "")


class _FirstEmail(Email, frozen=True, kw_only=True):
    """An address; of several in a cell, the first."""

    def read(self, text: str, meant: Meant) -> Value | None:
        first = ADDRESS.search(text)
        return super().read(first[0] if first else text, meant)


def sector_of_name(name: str) -> str:
    """Returns the sector that a word of an organization's name suggests, such as "Church"; empty if none does."""
    sector = target().field("sector")
    assert isinstance(sector, SectorField)
    guesses = (suggested(UnknownValue(sector, word, 1)) for word in reversed(name.split()))
    return next((each for each in guesses if each != LEFT_OUT), "")


def target() -> PeopleTarget:
    """Returns the target in the reader's language."""
    return PeopleTarget(
        named_by="name",
        asks_policy="",
        accepts=".csv,.vcf,.xlsx,.tsv,.txt,text/csv,text/vcard",
        is_sifted=True,
        reads_all=True,
        fields=in_every_language(_fields, {**_WORDS, "name": _NAMES}),
    )


def _fields() -> tuple[Field, ...]:
    words = content()
    return (
        Field(key="name", label=_("Name"), is_sorted_by=True),
        _FirstEmail(key="email", label=_("E-mail")),
        PhoneField(key="phone", label=_("Phone")),
        Field(key="organization", label=_("Organization"), is_sorted_by=True),
        SectorField(
            key="sector",
            label=_("Sector"),
            choices={each.key: each.name for each in words.sectors},
            # An organization's name may be in another language than the reader's.
            described={
                each.key: " ".join(f"{each.name} {each.help}" for each in told)
                for each, *told in zip(
                    words.sectors, *(content(code).sectors for code in offered()), strict=True
                )
            },
            may_go=True,
        ),
        ChoicesField(
            key="disciplines",
            label=_("Disciplines"),
            choices={each.key: each.name for each in words.person_disciplines()},
        ),
    )
