"""Describes what a list of people can hold, six fields and nothing else, and finds them in address books' files."""

from collections.abc import Iterable, Iterator, Sequence

from engage.coalitions.invitations import pasted
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
    listed,
)
from engage.imports.vcards import Contact, contacts_in, is_vcard
from engage.languages import offered
from engage.limits import MOST_CONTACT_COLUMNS, MOST_ROWS
from engage.partners.imports.target import SectorField
from engage.web.csv_files import safe

# The names that Google Contacts, Outlook, phones and people's own lists give to columns, in English and Spanish.
# Of several columns with something in them, the one named first here counts.
_WHOLE = listed(
    "full name, display name, contact name, member name, name of member, contact, contact person, member, person,"
    " participant, attendee, nombre completo, nombre y apellidos, nombre y apellido, nombres y apellidos, contacto,"
    " miembro, persona, participante"
)
_GIVEN = listed(
    "first name, first, given name, given names, nombre de pila, nombres, middle name, additional name,"
    " segundo nombre"
)
_FAMILY = listed(
    "last name, last, family name, surname, apellidos, apellido, primer apellido, apellido paterno,"
    " segundo apellido, apellido materno"
)
_EMAIL = listed(
    "e mail address, email address, e mail 1 value, email 1 value, email, e mails, emails, mail, work email,"
    " work e mail, primary email, email 1, correo electrónico, dirección de correo electrónico, correo, correos,"
    " dirección de correo, email del trabajo, correo del trabajo, e mail 2 value, email 2 value, e mail 3 value,"
    " e mail 2 address, e mail 3 address, email 2, home email, personal email, email de la casa, correo personal,"
    " dirección de correo electrónico 2, dirección de correo electrónico 3"
)
_PHONE = listed(
    "mobile phone, mobile, cell phone, cell, teléfono móvil, móvil, celular, teléfono celular, phone number,"
    " telephone, tel, phone 1 value, primary phone, teléfono, número de teléfono, business phone, work phone,"
    " office phone, teléfono del trabajo, phone 2 value, phone 3 value, other phone, business phone 2,"
    " company main phone, teléfono principal, teléfono de la oficina"
)
_ORGANIZATION = listed(
    "company, organization name, organization 1 name, organisation, agency, employer, company name, business,"
    " church, empresa, organización, compañía, nombre de la organización, entidad, agencia, iglesia"
)
_SECTOR = listed("organization type, type of organization, tipo de organización")
_DISCIPLINES = listed(
    "discipline, profession, kind of work, kinds of work, profesión, disciplina, tipo de trabajo"
)
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
        names = [
            normal(cell) for record in sheet.records if record.number == heading for cell in record.cells
        ]
        whole, parts, columns = self._places(names)
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
        unread = tuple(name for at, name in enumerate(_headings(sheet, heading)) if name and at not in used)
        return self._table(rows, heading, unread)

    def _places(self, names: Sequence[str]) -> tuple[list[int], list[int], dict[str, list[int]]]:
        """Returns the columns of whole names, those of parts of names, and those of each other field, best first."""
        family, at = _among(names, _FAMILY), [names.index(each) for each in ("nombre",) if each in names]
        own = {each.key: _among(names, (each.label, each.key, *each.synonyms)) for each in self.fields}
        given = _among(names, _GIVEN)
        whole = [each for each in own.pop("name") if each not in {*given, *family, *(at if family else [])}]
        return whole, [*(at if family else []), *given, *family], own

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


def _headings(sheet: ReadFile, heading: int) -> Iterator[str]:
    return (
        " ".join(cell.split())
        for record in sheet.records
        if record.number == heading
        for cell in record.cells
    )


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
        fields=in_every_language(_fields),
    )


def _fields() -> tuple[Field, ...]:
    words = content()
    return (
        Field(key="name", label=_("Name"), is_sorted_by=True, synonyms=(*_WHOLE, *_GIVEN, *_FAMILY)),
        _FirstEmail(key="email", label=_("E-mail"), synonyms=_EMAIL),
        PhoneField(key="phone", label=_("Phone"), synonyms=_PHONE),
        Field(key="organization", label=_("Organization"), is_sorted_by=True, synonyms=_ORGANIZATION),
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
            synonyms=_SECTOR,
        ),
        ChoicesField(
            key="disciplines",
            label=_("Disciplines"),
            choices={each.key: each.name for each in words.person_disciplines()},
            synonyms=_DISCIPLINES,
        ),
    )
