"""Writes people as vCards, which address books read, and Engage itself in a file of people."""

from collections.abc import Iterable, Iterator

from icalendar import vOrg, vText
from icalendar.parser import Contentline, Parameters

from engage.imports.vcards import Contact


def text_of(contacts: Iterable[Contact]) -> str:
    """Returns the contacts as vCards of version 3.0, which every address book reads."""
    lines = [line for each in contacts for line in _written(each)]
    return "".join(f"{line}\r\n" for line in lines)


def _written(contact: Contact) -> Iterator[str]:
    values = [
        ("FN", vText(contact.name)),
        ("N", vOrg((contact.name, "", "", "", ""))),
        *(("EMAIL", vText(each)) for each in contact.emails),
        *(("TEL", vText(each)) for each in contact.phones),
        *([("ORG", vOrg((contact.organization,)))] if contact.organization else []),
        *([("X-SECTOR", vText(contact.sector))] if contact.sector else []),
        *([("ROLE", vText(contact.role))] if contact.role else []),
    ]
    yield "BEGIN:VCARD"
    yield "VERSION:3.0"
    for name, value in values:
        yield Contentline.from_parts(name, Parameters(), value).to_ical().decode()
    yield "END:VCARD"
