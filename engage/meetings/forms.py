"""Defines a form field for the meeting at which something happened, and small forms of several packages."""

from collections.abc import Iterable

from wtforms import BooleanField, SelectField
from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.held import MeetingRef
from engage.meetings.rules import Coming
from engage.web.forms import EngageForm, RowSelect


class AtMeeting(RowSelect):
    """A field for the coalition's meeting at which something was settled; it may stay empty."""

    def __init__(self, **settings: object) -> None:
        super().__init__(_l("Meeting"), nothing=_l("Not at a meeting"), **settings)

    def offer_held(self, held: Iterable[MeetingRef]) -> None:
        self.offer([(each.id, each.words) for each in held])

    def pre_validate(self, form: object) -> None:
        try:
            super().pre_validate(form)
        except ValidationError:
            raise ValidationError(
                _("This meeting is no longer on the list. Choose another one, or none.")
            ) from None


class CarryForm(EngageForm):
    """The form for choosing the meeting to which unreached lines are carried over."""

    to = RowSelect(_l("Carry over to"))


class MeetingReplyForm(EngageForm):
    """The form in which a person answers whether they are coming."""

    answer = SelectField(choices=[each.value for each in Coming])
    wants_reminder = BooleanField()

    @property
    def said(self) -> Coming:
        """Returns the chosen answer of a valid form."""
        return Coming(self.answer.data)
