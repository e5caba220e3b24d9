"""The form of a help line."""

from flask import g
from wtforms.validators import ValidationError

from engage import clock
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Day, NameLine, PhoneLine, VersionedForm, WebAddress


class HelpLineForm(VersionedForm):
    """The form of a help line. Its number is public, so it is not checked for personal details."""

    name = NameLine(_l("Name of the help line"), required=_l("Name the help line."))
    phone = PhoneLine(_l("Number"))
    website = WebAddress(_l("Website"), description=_l("A web address that starts with https://."))
    for_whom = NameLine(_l("Who it is for"), longest=200)
    hours = NameLine(_l("Opening hours"), description=_l("Such as day and night, in English and Spanish."))
    checked_on = Day(
        _l("Last checked"),
        description=_l("The day someone called it. Until then it is shown as not checked."),
    )

    def validate_name(self, field: NameLine) -> None:
        if not self.phone.data and not self.website.data:
            raise ValidationError(_("Give a number or a website."))

    def validate_phone(self, field: NameLine) -> None:
        if field.data and not any(c.isdigit() for c in field.data):
            raise ValidationError(_("Enter the number people call."))

    def validate_checked_on(self, field: Day) -> None:
        if field.data and field.data > clock.today(g.coalition.time_zone):
            raise ValidationError(_("This day is in the future. Choose today or an earlier day."))
