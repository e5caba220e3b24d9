"""The form of a service of the referral list."""

from flask import g
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from engage import clock
from engage.database import folded
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.partners import queries
from engage.partners.labels import HELP_LABELS
from engage.partners.models import Organization
from engage.partners.organizations.forms import TagLine
from engage.partners.rules import Help, TagKind
from engage.partners.services.rules import says_where
from engage.personal_details import DetailKind, Finding, names_a_street
from engage.web.forms import Day, FreeLine, FreeText, NameLine, PhoneLine, VersionedForm

TITLE_LONGEST = 120


class _Placeless:
    """A text field that warns if it seems to say where a place is.

    Phone numbers are allowed, because they are public.
    """

    findings: tuple[Finding, ...]

    def look_through(self, text: str) -> tuple[Finding, ...]:
        found = super().look_through(text)  # type: ignore[misc]
        place = (Finding(DetailKind.PLACE, 0, len(text)),) if says_where(text) or names_a_street(text) else ()
        return (*(each for each in found if each.kind is not DetailKind.PHONE), *place)

    @property
    def findings_words(self) -> str:
        if all(each.kind is not DetailKind.PLACE for each in self.findings):
            return str(super().findings_words)  # type: ignore[misc]
        return _(
            "This looks like it says where a place is. The referral list never does: people stay safe "
            "because no one can look it up. Remove that part, or check the box if it is something else."
        )

    @property
    def accept_words(self) -> str:
        return _("I checked: this does not say where a place is, and contains no personal or case details.")


class PlacelessLine(_Placeless, FreeLine):
    pass


class PlacelessText(_Placeless, FreeText):
    pass


class PlacelessTags(_Placeless, TagLine):
    pass


class ServiceForm(VersionedForm):
    """The form of a service. It has no field for a location, and warns about a location in other fields."""

    kind = SelectField(_l("Kind of help"), validators=[DataRequired(_l("Choose the kind of help."))])
    title = PlacelessLine(
        _l("What it is"),
        longest=TITLE_LONGEST,
        required=_l("Say what help people get."),
        description=_l("Such as: emergency beds, free immigration lawyer, food pantry."),
    )
    phone = PhoneLine(_l("Intake phone"), description=_l("The number to call to ask for this help."))
    refer = PlacelessText(
        _l("How to refer someone"),
        longest=1000,
        description=_l("What happens on the call, what to have ready. Never where the place is."),
    )
    for_whom = PlacelessLine(
        _l("Who it is for"), longest=200, description=_l("Such as: parents with children, farmworkers.")
    )
    ages = PlacelessLine(_l("Ages"), longest=60, description=_l("Such as: 18 and older."))
    genders = PlacelessLine(_l("Genders"), longest=60, description=_l("Leave it empty if it is for anyone."))
    languages = PlacelessTags(_l("Languages"), longest=300, description=_l("Separate them with commas."))
    counties = PlacelessTags(
        _l("Counties"),
        longest=300,
        description=_l("Separate them with commas. Leave it empty if it serves every county here."),
    )
    hours = PlacelessLine(
        _l("Opening hours"), longest=120, description=_l("Such as day and night, or weekdays 9 to 5.")
    )
    cost = PlacelessLine(_l("Cost"), longest=120, description=_l("Such as: free, or sliding scale."))
    eligibility = PlacelessText(
        _l("Who can get it"),
        longest=1000,
        about_people=False,
        description=_l(
            "What they ask for: income, papers, a referral by police. Say so if they ask for none."
        ),
    )
    agreed_on = Day(
        _l("They agreed to be listed on"),
        description=_l("Until this day is filled in, the service is not on the list."),
    )
    agreed_by = FreeLine(
        _l("Who agreed"), longest=120, description=_l("Their name or job, such as: the program director.")
    )

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        self.kind.choices = [
            SelectChoice("", _("Choose one")),
            *(SelectChoice(kind.value, str(words)) for kind, words in HELP_LABELS.items()),
        ]

    @classmethod
    def for_new(cls, organization: Organization, title: str) -> "ServiceForm":
        """Returns the form filled in from the organization's own entry."""
        tags = queries.tags_of(organization)
        known = {folded(each): each for each in tags.get(TagKind.SERVICE, [])}
        form = cls(formdata=None)
        form.title.data = known.get(folded(title), "")
        form.phone.data = organization.phone
        form.for_whom.data = _fitting(tags.get(TagKind.SERVES, []), 200)
        form.languages.data = _fitting(tags.get(TagKind.LANGUAGE, []), 300)
        form.counties.data = _fitting(tags.get(TagKind.COUNTY, []), 300)
        return form

    def validate(self, extra_validators: object = None) -> bool:
        """Also checks fields together, since an empty field's own rules do not run."""
        valid = super().validate(extra_validators)
        if not self.phone.data and not self.refer.data:
            self.refuse("phone", _("Give a number to call, or say how to refer someone."))
            valid = False
        if self.agreed_on.data and not self.agreed_by.data:
            self.refuse("agreed_by", _("Say who at the organization agreed."))
            valid = False
        return valid

    def validate_phone(self, field: NameLine) -> None:
        if not any(c.isdigit() for c in field.data or ""):
            raise ValidationError(_("Enter the number people call."))

    def validate_agreed_on(self, field: Day) -> None:
        if field.data and field.data > clock.today(g.coalition.time_zone):
            raise ValidationError(_("This day is in the future. Choose today or an earlier day."))

    def fields(self) -> dict[str, object]:
        """Returns the service's columns by name."""
        texts = ("title", "phone", "refer", "for_whom", "ages", "genders", "hours", "cost", "eligibility")
        return {
            "kind": Help(self.kind.data),
            **{name: self[name].data or "" for name in texts},
            "languages": ", ".join(self.languages.tags),
            "counties": ", ".join(self.counties.tags),
            "agreed_on": self.agreed_on.data,
            "agreed_by": self.agreed_by.data or "",
        }


def _fitting(values: list[str], longest: int) -> str:
    """Returns as many of these as the field can hold."""
    kept = ""
    for value in values:
        longer = f"{kept}, {value}" if kept else value
        if len(longer) > longest:
            break
        kept = longer
    return kept
