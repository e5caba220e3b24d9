"""Defines the forms of coalitions: setting one up, and its settings."""

from collections.abc import Mapping
from functools import cache
from typing import Any
from zoneinfo import available_timezones

from wtforms import BooleanField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, ValidationError

from engage.coalitions.inactive_rules import INACTIVE_DAYS_LEAST, INACTIVE_DAYS_MOST
from engage.coalitions.rules import (
    ACTIVE_MONTHS_LEAST,
    ACTIVE_MONTHS_MOST,
    CONTACT_MONTHS_OFFERED,
)
from engage.dates import month_names
from engage.i18n import LazyString, ngettext
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.languages import first_known, offered, own_name
from engage.web.forms import (
    Day,
    EngageForm,
    NameLine,
    Number,
    OneOf,
    PhoneLine,
    SeveralOf,
    VersionedForm,
    WebAddress,
)


@cache
def time_zones() -> tuple[tuple[str, str | LazyString], ...]:
    """Returns the time zones: those of the US first, by their common names, then all others by their keys."""
    first = {
        "America/New_York": _l("Eastern (New York)"),
        "America/Chicago": _l("Central (Chicago)"),
        "America/Denver": _l("Mountain (Denver)"),
        "America/Phoenix": _l("Arizona (Phoenix)"),
        "America/Los_Angeles": _l("Pacific (Los Angeles)"),
        "America/Anchorage": _l("Alaska (Anchorage)"),
        "Pacific/Honolulu": _l("Hawaii (Honolulu)"),
        "America/Puerto_Rico": _l("Puerto Rico"),
        "Pacific/Guam": _l("Guam"),
    }
    others = sorted(zone for zone in available_timezones() if "/" in zone and zone not in first)
    return (*first.items(), *((zone, zone.replace("_", " ")) for zone in others))


def time_zone_name(zone: str) -> str:
    """Returns the common name of the time zone, as the settings show it."""
    return str(dict(time_zones()).get(zone, zone))


class TimeZone(SelectField):
    """A field for a time zone. A new coalition's is the one that the browser tells the page, or else is asked."""

    def __init__(self, label: str, **settings: object) -> None:
        choices = [SelectChoice("", _l("Choose one")), *(SelectChoice(*each) for each in time_zones())]
        missing = DataRequired(_l("Choose the time zone."))
        super().__init__(label, choices=choices, default="", validators=[missing], **settings)


class Language(SelectField):
    """A field for a language of this installation. Forms show it only if there are several languages."""

    def __init__(self, label: str, **settings: object) -> None:
        choices = [SelectChoice(each, own_name(each)) for each in offered()]
        super().__init__(label, choices=choices, filters=[first_known], **settings)


class Month(SelectField):
    """A field for a month by its number, 1 to 12."""

    def __init__(self, label: str, **settings: object) -> None:
        super().__init__(label, coerce=int, **settings)
        self.choices = [SelectChoice(month, name) for month, name in month_names().items()]


class CoalitionForm(EngageForm):
    """The form of the setup wizard's second page."""

    name = NameLine(
        _l("Name of the coalition"),
        required=_l("Give the coalition a name."),
        description=_l("The name people know. You can change it later."),
    )
    community = NameLine(
        _l("The community it serves"),
        longest=200,
        required=_l("Say which community it serves."),
        description=_l("A county, a city, a few towns. It keeps the assessment about one place."),
    )
    time_zone = TimeZone(_l("Time zone"), description=_l("Dates and times are shown in your local time."))


class NetworkForm(EngageForm):
    """The form to choose which counts the coalition shares in the totals of the network."""

    counts = SeveralOf(_l("Counts we share"))

    def __init__(self, words: Mapping[Any, str], **values: object) -> None:
        super().__init__(**values)
        self.counts.choices = [SelectChoice(str(kind), name) for kind, name in words.items()]


class SecondFactorForm(EngageForm):
    """The form that says whether coordinators need two-step sign-in."""

    rule = OneOf(
        _l("Do coordinators of this coalition need two-step sign-in?"),
        {"yes": _l("Yes"), "no": _l("No, each of them decides")},
        required=_l("Say yes or no."),
        descriptions={
            "yes": _l(
                "A coordinator without it must set it up before the coalition’s pages open. Members "
                "are never asked."
            ),
        },
    )


class ProfileForm(VersionedForm):
    """The form of the coalition's settings; what it says about itself is edited in About us."""

    name = NameLine(_l("Name of the coalition"), required=_l("Give the coalition a name."))
    community = NameLine(
        _l("The community it serves"), longest=200, required=_l("Say which community it serves.")
    )
    time_zone = TimeZone(_l("Time zone"))
    language = Language(
        _l("Language"),
        description=_l("For e-mail, paper, and public pages, unless a reader asks for another language."),
    )
    fiscal_month = Month(
        _l("The fiscal year begins in"),
        description=_l(
            "For the dates in reports. Most states begin theirs in July; the federal year begins in October."
        ),
    )
    active_months = Number(
        _l("Months a person or organization counts as active"),
        least=ACTIVE_MONTHS_LEAST,
        most=ACTIVE_MONTHS_MOST,
        description=_l("For sector coverage. Six is usual; use twelve if you rarely meet."),
    )
    quiet_days = Number(
        _l("Days until a person or organization counts as quiet"),
        least=INACTIVE_DAYS_LEAST,
        most=INACTIVE_DAYS_MOST,
        description=_l("For the list of people and organizations without recent contact. 90 is usual."),
    )
    menu_is_short = BooleanField(
        _l("Keep the menu short"),
        description=_l("It stays with its eight entries. All others are under More."),
    )


class HelpForm(VersionedForm):
    """The form of the local help line, and of the site that *Leave this site* opens."""

    help_name = NameLine(_l("Local help line: name"), description=_l("Shown on every page of the coalition."))
    help_number = PhoneLine(_l("Local help line: number"))
    help_checked_on = Day(_l("Local help line: last checked"))
    leave_url = WebAddress(
        _l("Where “Leave this site” goes"),
        description=_l("A web address that looks ordinary on any screen. Leave empty to use a weather page."),
    )

    def validate_help_number(self, field: NameLine) -> None:
        if field.data and not any(c.isdigit() for c in field.data):
            raise ValidationError(_("Enter the number people call."))


KEEP = ""


class ContactMonthsForm(EngageForm):
    """The form to set how long contact data of people who left is kept."""

    months = SelectField(
        _l("Phone number and address of people who left"),
        description=_l(
            "Their name stays on what they did. If they come back, they enter their number again."
        ),
    )

    def __init__(self, *args: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)
        offered = [
            (str(months), ngettext("Erase after %(num)s month", "Erase after %(num)s months", months))
            for months in CONTACT_MONTHS_OFFERED
        ]
        self.months.choices = [SelectChoice(value, words) for value, words in [*offered, (KEEP, _("Keep"))]]

    @property
    def chosen(self) -> int | None:
        return int(self.months.data) if self.months.data else None
