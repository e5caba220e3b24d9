"""Describes what a table of organizations can hold, and what people call its columns."""

import re
from collections.abc import Iterable

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
    listed,
)
from engage.partners.labels import PARTNERSHIP_LABELS
from engage.partners.rules import ContactPlace, TagKind

# These fields are stored as tags of the organization.
TAGS = {
    "disciplines": TagKind.DISCIPLINE,
    "areas": TagKind.AREA,
    "services": TagKind.SERVICE,
    "serves": TagKind.SERVES,
    "counties": TagKind.COUNTY,
    "languages": TagKind.LANGUAGE,
    "partnership": TagKind.PARTNERSHIP,
}
COLUMNS = ("sector", "website", "phone", "email", "about")
# These fields belong to a contact: each name is the place, then the column.
PLACES = (ContactPlace.MAIN, ContactPlace.ALTERNATE)
CONTACT = ("name", "job", "email", "phone", "may_commit")
# A person who comes as a resident has no organization.
_NO_ORGANIZATION = "residents"


# Lists use these names for a sector that neither its name nor its description contains, by the sector's key.
_CALLED = {
    "justice": "law enforcement, police, police department, sheriff, court, prosecutor, district attorney, probation",
    "nonprofit": "ngo, non profit, not for profit, non profit organization, nonprofit organization, 501c3, 501 c 3,"
    " social service, victim service, service provider, community based organization, cbo",
    "health": "hospital, healthcare, medical, clinic, mental health, behavioral health",
    "schools": "k12, k 12, school district, education",
    "faith": "faith, faith community, faith based organization, fbo, religious, religious organization",
    "business": "private sector, corporate, company, for profit, hotel, hospitality",
    "government": "municipal, public sector, city, county, state, local government, government, gov t, govt",
    "child_welfare": "cps, dcfs, child protection, child protective service",
    "higher_ed": "higher education, higher ed, academia, academic",
    "legal": "attorney, lawyer, legal service",
}
_SECTOR_OF = {word: key for key, words in _CALLED.items() for word in listed(words)}


class SectorField(ChoiceField, frozen=True, kw_only=True):
    """A sector, which is also suggested for the names that people's own lists use."""

    def suggests(self, word: str) -> str | None:
        said = " ".join(re.findall(r"[a-z0-9]+", folded(word)))
        found = _SECTOR_OF.get(said) or _SECTOR_OF.get(said.removesuffix("s"))
        return found if found in self.choices else None


def contact_key(place: ContactPlace, column: str) -> str:
    return f"{place}_{column}"


# After a contact's name, these columns are the contact's; elsewhere they are the organization's.
_EITHER = {
    **dict.fromkeys(("email", "e mail", "email address", "e mail address"), "email"),
    **dict.fromkeys(("phone", "phone number", "telephone", "tel", "cell", "cell phone", "mobile"), "phone"),
}


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
        fields=in_every_language(_fields),
    )


def _fields() -> tuple[Field, ...]:
    words = content()
    sectors = [each for each in words.sectors if each.key != _NO_ORGANIZATION]
    return (
        Field(
            key="name",
            label=_("Name of the organization"),
            required=True,
            is_sorted_by=True,
            synonyms=listed(
                "name, organization, organisation, agency, company, group, church, business, "
                "partner, organization name, agency name, org name, org, company name, "
                "partner name"
            ),
        ),
        SectorField(
            key="sector",
            label=_("Sector"),
            choices={each.key: each.name for each in sectors},
            described={each.key: each.help for each in sectors},
            asks_without=_("Treat new rows without a sector as errors"),
            synonyms=listed(
                "type, category, kind, industry, field, organization type, type of organization, "
                "org type, agency type"
            ),
        ),
        ChoicesField(
            key="disciplines",
            label=_("Disciplines"),
            choices={each.key: each.name for each in words.organization_disciplines()},
            synonyms=listed("discipline, profession, professions"),
        ),
        ChoicesField(
            key="areas",
            label=_("Focus areas"),
            choices={each.key: each.name for each in words.areas},
            described={each.key: each.short for each in words.areas},
            synonyms=("focus area", "focus", "area of focus", "areas of focus", "area", "areas"),
        ),
        WordsField(
            key="services",
            label=_("Services"),
            free=True,
            synonyms=listed("service, programs, program, offers, services offered, services provided"),
        ),
        WordsField(
            key="serves",
            label=_("People it serves"),
            free=True,
            synonyms=listed(
                "population, populations, clients, population served, populations served, "
                "who they serve, who it serves, target population"
            ),
        ),
        WordsField(
            key="counties",
            label=_("Counties"),
            parted_by=",;|",
            synonyms=listed("county, region, service area, counties served, county served, area served"),
        ),
        WordsField(
            key="languages",
            label=_("Languages"),
            parted_by=",;|",
            synonyms=("language", "languages spoken"),
        ),
        ChoicesField(
            key="partnership",
            label=_("What we do together"),
            choices={each.value: str(label) for each, label in PARTNERSHIP_LABELS.items()},
            synonyms=("partnership type", "type of partnership"),
        ),
        WebAddress(
            key="website",
            label=_("Website"),
            synonyms=listed("web, url, site, homepage, internet, web site, web address, web page, home page"),
        ),
        PhoneField(
            key="phone",
            label=_("Office phone"),
            synonyms=listed(
                "telephone, tel, phone number, office phone number, main phone, "
                "organization phone, telephone number, business phone, work phone"
            ),
        ),
        Email(
            key="email",
            label=_("Office e-mail"),
            synonyms=(
                "e mail",
                "email address",
                "e mail address",
                "office email",
                "organization email",
                "general email",
            ),
        ),
        TextField(
            key="about",
            label=_("About it"),
            longest=2000,
            joins="\n\n",
            free=True,
            synonyms=listed(
                "about, description, notes, note, comments, comment, summary, mission, what they do"
            ),
        ),
        *_contact(
            ContactPlace.MAIN,
            _("Main contact"),
            _("Main contact: job"),
            _("Main contact: e-mail"),
            _("Main contact: phone"),
            _("Main contact may commit the organization"),
            (
                "contact",
                "main contact",
                "primary contact",
                "contact 1",
                "poc",
                "point of contact",
                "representative",
            ),
        ),
        *_contact(
            ContactPlace.ALTERNATE,
            _("Alternate contact"),
            _("Alternate contact: job"),
            _("Alternate contact: e-mail"),
            _("Alternate contact: phone"),
            _("Alternate contact may commit the organization"),
            (
                "alternate contact",
                "secondary contact",
                "second contact",
                "contact 2",
                "backup contact",
                "alternate",
            ),
        ),
    )


def _contact(
    place: ContactPlace, name: str, job: str, email: str, phone: str, may_commit: str, called: tuple[str, ...]
) -> tuple[Field, ...]:
    def said(*words: str) -> tuple[str, ...]:
        return tuple(f"{who} {word}" for who in called for word in words)

    alone = ("contact person", "first name", "last name", "contacts") if place is ContactPlace.MAIN else ()
    jobs = ("job title", "title", "position") if place is ContactPlace.MAIN else ()
    return (
        Field(
            key=contact_key(place, "name"),
            label=name,
            joins=" ",
            longest=200,
            is_sorted_by=True,
            synonyms=(*called, *said("name", "person", "first name", "last name"), *alone),
        ),
        Field(
            key=contact_key(place, "job"),
            label=job,
            synonyms=(*said("job", "title", "job title", "position", "role"), *jobs),
        ),
        Email(
            key=contact_key(place, "email"),
            label=email,
            synonyms=said("email", "e mail", "email address", "mail"),
        ),
        PhoneField(
            key=contact_key(place, "phone"),
            label=phone,
            synonyms=said("phone", "phone number", "telephone", "tel", "mobile", "cell"),
        ),
        YesNo(key=contact_key(place, "may_commit"), label=may_commit),
    )
