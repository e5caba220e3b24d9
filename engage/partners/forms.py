"""Forms of the directory: an organization with everything it has."""

import re
from collections.abc import Sequence
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from engage.accounts.service import folded_email
from engage.addresses import is_web_address
from engage.content.loader import content
from engage.database import folded
from engage.partners.merging import FIELDS, differing
from engage.partners.models import Contact, Organization
from engage.partners.rules import ContactPlace, TagKind
from engage.partners.words import LEVEL_CHOICES, LEVEL_WHY, PLACE_WORDS
from engage.web.forms import (
    Address,
    Day,
    FreeLine,
    FreeText,
    Line,
    OneOf,
    RowSelect,
    SeveralOf,
    VersionedForm,
)

TAG_LONGEST = 120
# Of two texts, whose.
KEEP, TAKE = "keep", "take"
TAGS_MOST = 30
# What a person of no organization belongs to.
NO_ORGANIZATION_SECTOR = "residents"


class TagLines(FreeText):
    """Several words or short texts, a line each."""

    split_at = re.compile(r"[\n;]")

    @property
    def tags(self) -> list[str]:
        parts = (" ".join(part.split()) for part in self.split_at.split(self.data or ""))
        return [part for part in parts if part]

    def pre_validate(self, form: Any) -> None:
        _check_tags(self.tags)


class TagLine(FreeLine):
    """Several words in one line, with commas between them."""

    split_at = re.compile(r"[,;]")

    @property
    def tags(self) -> list[str]:
        parts = (" ".join(part.split()) for part in self.split_at.split(self.data or ""))
        return [part for part in parts if part]

    def pre_validate(self, form: Any) -> None:
        _check_tags(self.tags)


def _check_tags(tags: list[str]) -> None:
    if len(tags) > TAGS_MOST:
        raise ValidationError(_("At most %(most)s. Nothing was cut; name the main ones.", most=TAGS_MOST))
    if any(len(tag) > TAG_LONGEST for tag in tags):
        raise ValidationError(
            _("One of these is too long: at most %(most)s characters each. Shorten it.", most=TAG_LONGEST)
        )


def sector_choices() -> list[SelectChoice]:
    """The sectors that an organization may have."""
    sectors = [each for each in content().sectors if each.key != NO_ORGANIZATION_SECTOR]
    return [SelectChoice("", _("Choose one")), *(SelectChoice(each.key, each.name) for each in sectors)]


class OrganizationForm(VersionedForm):
    """Everything an organization has, but its contacts. No field for a street address, for anyone."""

    name = Line(
        _l("Name of the organization"),
        required=_l("Write the organization’s name."),
        description=_l("As people here call it. Where two have the same name, add the town."),
    )
    sector = SelectField(_l("Sector"), validators=[DataRequired(_l("Choose the sector it fits best."))])
    about = FreeText(
        _l("About it"),
        longest=2000,
        description=_l("What somebody should know before they call."),
    )
    areas = SeveralOf(_l("Focus areas it works in"))
    disciplines = SeveralOf(_l("Disciplines of its people"))
    services = TagLines(
        _l("Services"),
        longest=4000,
        description=_l("A line each, such as: legal advice, emergency beds, training for clinics."),
    )
    serves = TagLines(
        _l("Whom it serves"),
        longest=4000,
        description=_l("A line each: a group of people, such as: teenagers who leave foster care."),
    )
    counties = TagLine(_l("Counties it works in"), longest=1000, description=_l("With commas between them."))
    languages = TagLine(
        _l("Languages it can speak with people"), longest=1000, description=_l("With commas between them.")
    )
    website = Line(_l("Website"), longest=300, description=_l("The public one, such as example.org."))
    phone = Line(_l("Office phone"), longest=40, description=_l("The number that the public may call."))
    email = Address(_l("Office e-mail"))

    def __init__(self, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        words = content()
        self.sector.choices = sector_choices()
        self.areas.choices = [SelectChoice(each.key, each.name) for each in words.areas]
        self.disciplines.choices = [SelectChoice(each.key, each.name) for each in words.person_disciplines()]

    def validate_website(self, field: Line) -> None:
        if field.data and not is_web_address(_with_scheme(field.data)):
            raise ValidationError(_("Write a web address like example.org or https://example.org/help."))
        field.data = _with_scheme(field.data or "")

    def validate_email(self, field: Address) -> None:
        field.data = folded_email(field.data or "")

    def fields(self) -> dict[str, Any]:
        """The organization's columns by name, without its tags."""
        return {
            "name": self.name.data,
            "sector": self.sector.data,
            "about": self.about.data or "",
            "website": self.website.data or "",
            "phone": self.phone.data or "",
            "email": self.email.data or "",
        }

    def tags(self) -> dict[TagKind, list[str]]:
        return {
            TagKind.AREA: self.areas.data or [],
            TagKind.DISCIPLINE: self.disciplines.data or [],
            TagKind.SERVICE: self.services.tags,
            TagKind.SERVES: self.serves.tags,
            TagKind.COUNTY: self.counties.tags,
            TagKind.LANGUAGE: self.languages.tags,
        }

    def take_over(self, saved: "OrganizationForm") -> None:
        """Of an organization that is there: its own name, and everything that was not typed."""
        for field in (self.areas, self.disciplines):
            field.data = [*dict.fromkeys([*saved[field.name].data, *(field.data or [])])]
        for name, between in _BETWEEN.items():
            tags = {folded(tag): tag for tag in [*self[name].tags, *saved[name].tags]}
            order = dict.fromkeys(map(folded, [*saved[name].tags, *self[name].tags]))
            self[name].data = between.join(tags[key] for key in order)
        for name in ("sector", "about", "website", "phone", "email"):
            self[name].data = self[name].data or saved[name].data
        self.name.data = saved.name.data

    def show_tags(self, tags: dict[TagKind, list[str]]) -> None:
        """As they are stored."""
        self.areas.data = tags.get(TagKind.AREA, [])
        self.disciplines.data = tags.get(TagKind.DISCIPLINE, [])
        self.services.data = "\n".join(tags.get(TagKind.SERVICE, []))
        self.serves.data = "\n".join(tags.get(TagKind.SERVES, []))
        self.counties.data = ", ".join(tags.get(TagKind.COUNTY, []))
        self.languages.data = ", ".join(tags.get(TagKind.LANGUAGE, []))


class ContactForm(VersionedForm):
    """A person at an organization whom the coalition may call."""

    name = Line(_l("Name"), longest=200, required=_l("Write the person’s name."))
    job = FreeLine(
        _l("What they do there"), longest=120, description=_l("A title or a task, such as: night desk.")
    )
    place = OneOf(
        _l("Which contact they are"),
        [(place.value, words) for place, words in PLACE_WORDS.items()],
        required=_l("Choose which contact they are."),
        descriptions={
            ContactPlace.MAIN: _l("Whom we call first. Whoever it was until now becomes the alternate."),
            ContactPlace.ALTERNATE: _l("Whom we call when the main contact is away."),
        },
    )
    may_commit = OneOf(
        _l("May they promise something in the organization’s name?"),
        [("", _l("Not asked yet")), ("yes", _l("Yes")), ("no", _l("No"))],
        default="",
        description=_l("Front-line staff rarely can: ask before you count on a yes."),
    )
    membership_id = RowSelect(
        _l("Are they a member of the coalition?"),
        nothing=_l("No"),
        description=_l("Then their name here leads to their page."),
    )
    email = Address(_l("E-mail"))
    phone = Line(_l("Phone"), longest=40)

    def validate_email(self, field: Address) -> None:
        field.data = folded_email(field.data or "")

    @classmethod
    def of(cls, contact: Contact) -> "ContactForm":
        """As the row is."""
        form = cls(formdata=None, obj=contact)
        form.may_commit.data = {None: "", True: "yes", False: "no"}[contact.may_commit]
        return form

    def fields(self) -> dict[str, Any]:
        """The contact's columns by name."""
        return {
            "name": self.name.data,
            "job": self.job.data or "",
            "place": ContactPlace(self.place.data),
            "may_commit": {"yes": True, "no": False}.get(self.may_commit.data or ""),
            "membership_id": self.membership_id.row_id,
            "email": self.email.data or "",
            "phone": self.phone.data or "",
        }


class ConversationForm(VersionedForm):
    """A conversation: when, with whom, what came of it, how firm the relationship is now."""

    happened_on = Day(_l("When was it?"), required=_l("Write the date."))
    contact_id = RowSelect(_l("With whom?"), nothing=_l("Somebody else"))
    with_whom = FreeLine(
        _l("Somebody who is no contact here"),
        longest=200,
        description=_l("A name or a task, such as: the new principal."),
    )
    note = FreeText(
        _l("What came of it?"),
        longest=2000,
        description=_l("What they do, what they need, what was agreed, what comes next."),
    )
    level = OneOf(
        _l("How firm is the relationship now?"),
        [("", _l("As before")), *LEVEL_CHOICES.items()],
        default="",
        descriptions={str(level.value): words for level, words in LEVEL_WHY.items()},
    )

    def __init__(self, today: date, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._today = today

    def validate_happened_on(self, field: Day) -> None:
        if field.data is not None and field.data > self._today:
            raise ValidationError(_("This day is still to come. Log a conversation once you had it."))

    def fields(self) -> dict[str, Any]:
        """The conversation's columns by name."""
        contact = self.contact_id.row_id
        return {
            "happened_on": self.happened_on.data,
            "contact_id": contact,
            "with_whom": "" if contact is not None else self.with_whom.data or "",
            "note": self.note.data or "",
            "level": int(self.level.data) if self.level.data else None,
        }


class MergeForm(VersionedForm):
    """Two organizations that become one: of each text in which they differ, whose."""

    other_version = HiddenField()
    name = OneOf(_l("Name"), [], required=_l("Choose one of the two."))
    sector = OneOf(_l("Sector"), [], required=_l("Choose one of the two."))
    about = OneOf(_l("About it"), [], required=_l("Choose one of the two."))
    website = OneOf(_l("Website"), [], required=_l("Choose one of the two."))
    phone = OneOf(_l("Office phone"), [], required=_l("Choose one of the two."))
    email = OneOf(_l("Office e-mail"), [], required=_l("Choose one of the two."))
    differing: Sequence[str] = ()

    @classmethod
    def of(cls, kept: Organization, other: Organization, **settings: Any) -> "MergeForm":
        """Only what differs is asked; those of the kept one are chosen first."""
        form = cls(**settings)
        form.differing = differing(kept, other)
        for name in FIELDS:
            if name not in form.differing:
                del form[name]
                continue
            ours, theirs = getattr(kept, name), getattr(other, name)
            if name == "sector":
                ours, theirs = content().sector(ours).name, content().sector(theirs).name
            form[name].choices = [SelectChoice(KEEP, ours), SelectChoice(TAKE, theirs)]
            if not form.is_submitted() or settings:
                form[name].data = KEEP
        if settings:
            form.version.data, form.other_version.data = str(kept.version), str(other.version)
        return form

    @property
    def other_opened_version(self) -> int:
        """As `opened_version`, of the other one."""
        text = self.other_version.data or ""
        return int(text) if text.isdecimal() and len(text) < 10 else 0

    def chosen(self, kept: Organization, other: Organization) -> dict[str, Any]:
        """The values of what differs."""
        return {name: getattr(other if self[name].data == TAKE else kept, name) for name in self.differing}


# What stands between the several words of a field.
_BETWEEN = {"services": "\n", "serves": "\n", "counties": ", ", "languages": ", "}


def _with_scheme(address: str) -> str:
    return address if not address or "://" in address else f"https://{address}"
