"""The form of home: since when to show what moved."""

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from engage import clock
from engage.forms import Day, EngageForm


class SinceForm(EngageForm):
    """Sent by GET, so that the page can be kept and shared; it changes nothing and needs no token."""

    class Meta:
        csrf = False

    since = Day(_l("Count since"))

    def validate_since(self, field: Day) -> None:
        if field.data is not None and field.data > clock.today(g.coalition.time_zone):
            raise ValidationError(_("Choose today or a day before it."))
