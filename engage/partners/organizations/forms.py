"""Forms of the directory: an organization with everything it has."""

import re

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from engage.accounts.service import folded_email
from engage.content.loader import content
from engage.database import folded
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.partners.labels import PARTNERSHIP_LABELS
from engage.partners.rules import TagKind
from engage.web.forms import (
    Address,
    FreeLine,
    FreeText,
    NameLine,
    PhoneLine,
    SeveralOf,
    VersionedForm,
    WebAddress,
)

TAG_LONGEST = 120
# The person chooses one of these for each of two differing texts.
KEEP, TAKE = "keep", "take"
TAGS_MOST = 30
# A person without an organization has this sector.
NO_ORGANIZATION_SECTOR = "residents"


class TagLines(FreeText):
    """A field of several words or short texts, one per line."""

    split_at = re.compile(r"[\n;]")

    @property
    def tags(self) -> list[str]:
        parts = (" ".join(part.split()) for part in self.split_at.split(self.data or ""))
        return [part for part in parts if part]

    def pre_validate(self, form: object) -> None:
        _check_tags(self.tags)


class TagLine(FreeLine):
    """A field of several words in one line, with commas between them."""

    split_at = re.compile(r"[,;]")

    @property
    def tags(self) -> list[str]:
        parts = (" ".join(part.split()) for part in self.split_at.split(self.data or ""))
        return [part for part in parts if part]

    def pre_validate(self, form: object) -> None:
        _check_tags(self.tags)


def _check_tags(tags: list[str]) -> None:
    if len(tags) > TAGS_MOST:
        raise ValidationError(_("At most %(most)s. Nothing was cut; name the main ones.", most=TAGS_MOST))
    if any(len(tag) > TAG_LONGEST for tag in tags):
        raise ValidationError(
            _("One of these is too long: at most %(most)s characters each. Shorten it.", most=TAG_LONGEST)
        )


def sector_choices() -> list[SelectChoice]:
    """Returns the sectors that an organization may have."""
    sectors = [each for each in content().sectors if each.key != NO_ORGANIZATION_SECTOR]
    return [SelectChoice("", _("Choose one")), *(SelectChoice(each.key, each.name) for each in sectors)]


class OrganizationForm(VersionedForm):
    """The form of everything an organization has except contacts. It has no field for a street address."""

    name = NameLine(
        _l("Name of the organization"),
        required=_l("Enter the organization’s name."),
        description=_l("The name people here use. If two have the same name, add the town."),
    )
    sector = SelectField(_l("Sector"), validators=[DataRequired(_l("Choose the sector it fits best."))])
    about = FreeText(
        _l("About it"),
        longest=2000,
        description=_l("What to know before calling."),
    )
    areas = SeveralOf(_l("Focus areas it works in"))
    partnership = SeveralOf(
        _l("What we do together"), description=_l("Funders ask for it: the funder report counts it.")
    )
    disciplines = SeveralOf(_l("Disciplines of its people"))
    services = TagLines(
        _l("Services"),
        longest=4000,
        description=_l("One per line, such as: legal advice, emergency beds, training for clinics."),
        about_people=False,
    )
    serves = TagLines(
        _l("People it serves"),
        longest=4000,
        description=_l("One group of people per line, such as: teenagers leaving foster care."),
        about_people=False,
    )
    counties = TagLine(_l("Counties it works in"), longest=1000, description=_l("Separate them with commas."))
    languages = TagLine(
        _l("Languages it speaks with people"), longest=1000, description=_l("Separate them with commas.")
    )
    website = WebAddress(_l("Website"), description=_l("The public one, such as example.org."))
    phone = PhoneLine(_l("Office phone"), description=_l("The number that the public may call."))
    email = Address(_l("Office e-mail"))

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        words = content()
        self.sector.choices = sector_choices()
        self.areas.choices = [SelectChoice(each.key, each.name) for each in words.areas]
        self.partnership.choices = [
            SelectChoice(each.value, str(label)) for each, label in PARTNERSHIP_LABELS.items()
        ]
        self.disciplines.choices = [
            SelectChoice(each.key, each.name) for each in words.organization_disciplines()
        ]

    def validate_email(self, field: Address) -> None:
        field.data = folded_email(field.data or "")

    def fields(self) -> dict[str, object]:
        """Returns the organization's columns by name, without its tags."""
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
            TagKind.PARTNERSHIP: self.partnership.data or [],
            TagKind.SERVICE: self.services.tags,
            TagKind.SERVES: self.serves.tags,
            TagKind.COUNTY: self.counties.tags,
            TagKind.LANGUAGE: self.languages.tags,
        }

    def take_over(self, saved: "OrganizationForm") -> None:
        """Fills in the name of a saved organization, and every value that was not typed."""
        for field in (self.areas, self.disciplines, self.partnership):
            field.data = [*dict.fromkeys([*saved[field.name].data, *(field.data or [])])]
        for name, between in _BETWEEN.items():
            tags = {folded(tag): tag for tag in [*self[name].tags, *saved[name].tags]}
            order = dict.fromkeys(map(folded, [*saved[name].tags, *self[name].tags]))
            self[name].data = between.join(tags[key] for key in order)
        for name in ("sector", "about", "website", "phone", "email"):
            self[name].data = self[name].data or saved[name].data
        self.name.data = saved.name.data

    def show_tags(self, tags: dict[TagKind, list[str]]) -> None:
        """Shows the tags as they are stored."""
        self.areas.data = tags.get(TagKind.AREA, [])
        self.disciplines.data = tags.get(TagKind.DISCIPLINE, [])
        self.partnership.data = tags.get(TagKind.PARTNERSHIP, [])
        self.services.data = "\n".join(tags.get(TagKind.SERVICE, []))
        self.serves.data = "\n".join(tags.get(TagKind.SERVES, []))
        self.counties.data = ", ".join(tags.get(TagKind.COUNTY, []))
        self.languages.data = ", ".join(tags.get(TagKind.LANGUAGE, []))


# This separates several words in a field.
_BETWEEN = {"services": "\n", "serves": "\n", "counties": ", ", "languages": ", "}
