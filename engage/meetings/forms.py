"""Defines a field that several rooms share: the meeting at which something happened."""

from collections.abc import Iterable

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from engage.meetings.held.queries import MeetingRef
from engage.web.forms import RowSelect


class AtMeeting(RowSelect):
    """A field for the meeting of this coalition at which something was settled, or none."""

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
