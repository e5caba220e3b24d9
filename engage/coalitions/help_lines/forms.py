"""The form of a help line."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from engage import clock
from engage.addresses import is_web_address
from engage.web.forms import Day, Line, VersionedForm


class HelpLineForm(VersionedForm):
    """The form of a help line. Its number is public, so it is not checked for personal details."""

    name = Line(_l("Name of the help line"), required=_l("Name the help line."))
    phone = Line(_l("Number"), longest=40)
    website = Line(_l("Website"), longest=300, description=_l("A web address that starts with https://."))
    for_whom = Line(_l("Who it is for"), longest=200)
    hours = Line(_l("Opening hours"), description=_l("Such as day and night, or weekdays 9 to 5."))
    checked_on = Day(
        _l("Last checked"),
        description=_l("The day someone called it. Until then it is shown as not checked."),
    )

    def validate_name(self, field: Line) -> None:
        if not self.phone.data and not self.website.data:
            raise ValidationError(_("Give a number or a website."))

    def validate_phone(self, field: Line) -> None:
        if field.data and not any(c.isdigit() for c in field.data):
            raise ValidationError(_("Enter the number people call."))

    def validate_website(self, field: Line) -> None:
        if field.data and not is_web_address(field.data):
            raise ValidationError(_("Enter a web address that starts with https://."))

    def validate_checked_on(self, field: Day) -> None:
        if field.data and field.data > clock.today(g.coalition.time_zone):
            raise ValidationError(_("This day is in the future. Choose today or an earlier day."))
