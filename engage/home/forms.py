"""Forms of home: since when to show what moved, and saying how an action goes."""

from typing import Any

from flask import g
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import HiddenField
from wtforms.validators import AnyOf, ValidationError

from engage import clock
from engage.plan.rules import QuickAnswer
from engage.web.forms import Day, EngageForm, FreeText, VersionedForm


class SinceForm(EngageForm):
    """The form of the date.

    It is sent by GET, so that the page can be kept and shared; it changes nothing and needs no token.
    """

    class Meta:
        csrf = False

    since = Day(_l("Count since"))

    def validate_since(self, field: Day) -> None:
        if field.data is not None and field.data > clock.today(g.coalition.time_zone):
            raise ValidationError(_("Choose today or a day before it."))


class QuickForm(VersionedForm):
    """The form of how an action goes, by the button that was pressed; what was typed beside it is saved with it."""

    to = HiddenField(validators=[AnyOf([answer.value for answer in QuickAnswer])])
    due_on = Day(_l("New date"))
    text = FreeText(_l("What help is needed, or how it goes"), longest=1000)

    def __init__(self, number: int, *args: Any, **settings: Any) -> None:
        super().__init__(*args, **settings)
        for field in self:
            field.id = f"home-quick-{number}-{field.name}"
            field.label.field_id = field.id

    @property
    def answer(self) -> QuickAnswer:
        return QuickAnswer(self.to.data)
