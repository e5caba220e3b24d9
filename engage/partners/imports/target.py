"""Describes what a table of organizations can hold, and what people call its columns."""

import re
from collections.abc import Iterable

from engage.content.import_words import import_words
from engage.content.loader import content
from engage.database import folded
from engage.i18n import gettext as _
from engage.imports.columns import ImportColumn, normal
from engage.imports.target import (
    ChoiceField,
    ChoicesField,
    Email,
    Field,
    PhoneField,
    Target,
    TextField,
    WebAddress,
    WordsField,
    YesNo,
    in_every_language,
    meanings,
)
from engage.partners.exports.queries import PLACES, contact_key
from engage.partners.labels import PARTNERSHIP_LABELS
from engage.partners.rules import ContactPlace

# A person who comes as a resident has no organization.
_NO_ORGANIZATION = "residents"


_SECTOR_OF = meanings(import_words("sectors"))


class SectorField(ChoiceField, frozen=True, kw_only=True):
    """A sector, which is also suggested for the names that people's own lists use."""

    def suggests(self, word: str) -> str | None:
        said = " ".join(re.findall(r"[a-z0-9]+", folded(word)))
        found = _SECTOR_OF.get(said) or _SECTOR_OF.get(said.removesuffix("s"))
        return found if found in self.choices else None


_CONTACTS = import_words("partners_contacts")
# After a contact's name, these columns are the contact's; elsewhere they are the organization's.
_EITHER = meanings({name: _CONTACTS[f"either {name}"] for name in ("email", "phone")})


class PartnersTarget(Target, frozen=True):
    """Organizations as the target of an import. Columns after a contact's name are about the contact."""

    def guess(self, columns: Iterable[ImportColumn]) -> dict[int, str]:
        columns = list(columns)
        found = super().guess(columns)
        place, named = None, 0
        for column in columns:
            key = found.get(column.index, "")
            if key in {contact_key(each, "name") for each in PLACES}:
                place = next(each for each in PLACES if key == contact_key(each, "name"))
                named = column.filled
            kind = _EITHER.get(normal(column.heading))
            # If more rows have an address than a name, the address is probably the organization's.
            if place is None or kind is None or column.filled > named or column.holds_addresses:
                continue
            if (own := contact_key(place, kind)) not in found.values():
                found[column.index] = own
        return found


def target() -> Target:
    """Returns the target in the reader's language."""
    return PartnersTarget(
        named_by="name",
        asks_policy=_("What happens to organizations already here?"),
        fields=in_every_language(_fields, import_words("partners")),
    )


def _fields() -> tuple[Field, ...]:
    words = content()
    sectors = [each for each in words.sectors if each.key != _NO_ORGANIZATION]
    return (
        Field(key="name", label=_("Name of the organization"), required=True, is_sorted_by=True),
        SectorField(
            key="sector",
            label=_("Sector"),
            choices={each.key: each.name for each in sectors},
            described={each.key: each.help for each in sectors},
            asks_without=_("Treat new rows without a sector as errors"),
        ),
        ChoicesField(
            key="disciplines",
            label=_("Disciplines"),
            choices={each.key: each.name for each in words.organization_disciplines()},
        ),
        ChoicesField(
            key="areas",
            label=_("Focus areas"),
            choices={each.key: each.name for each in words.areas},
            described={each.key: each.short for each in words.areas},
        ),
        WordsField(key="services", label=_("Services"), free=True),
        WordsField(key="serves", label=_("People it serves"), free=True),
        WordsField(key="counties", label=_("Counties"), parted_by=",;|"),
        WordsField(key="languages", label=_("Languages"), parted_by=",;|"),
        ChoicesField(
            key="partnership",
            label=_("What we do together"),
            choices={each.value: str(label) for each, label in PARTNERSHIP_LABELS.items()},
        ),
        WebAddress(key="website", label=_("Website")),
        PhoneField(key="phone", label=_("Office phone")),
        Email(key="email", label=_("Office e-mail")),
        TextField(key="about", label=_("About it"), longest=2000, joins="\n\n", free=True),
        *_contact(
            ContactPlace.MAIN,
            _("Main contact"),
            _("Main contact: job"),
            _("Main contact: e-mail"),
            _("Main contact: phone"),
            _("Main contact may commit the organization"),
        ),
        *_contact(
            ContactPlace.ALTERNATE,
            _("Alternate contact"),
            _("Alternate contact: job"),
            _("Alternate contact: e-mail"),
            _("Alternate contact: phone"),
            _("Alternate contact may commit the organization"),
        ),
    )


def _contact(
    place: ContactPlace, name: str, job: str, email: str, phone: str, may_commit: str
) -> tuple[Field, ...]:
    def said(column: str) -> tuple[str, ...]:
        long = (f"{who} {word}" for who in _CONTACTS[place] for word in _CONTACTS[column])
        return (*long, *_CONTACTS.get(f"{place} {column}", ()))

    return (
        Field(
            key=contact_key(place, "name"),
            label=name,
            joins=" ",
            longest=200,
            is_sorted_by=True,
            synonyms=(*_CONTACTS[place], *said("name")),
        ),
        Field(key=contact_key(place, "job"), label=job, synonyms=said("job")),
        Email(key=contact_key(place, "email"), label=email, synonyms=said("email")),
        PhoneField(key=contact_key(place, "phone"), label=phone, synonyms=said("phone")),
        YesNo(key=contact_key(place, "may_commit"), label=may_commit),
    )
