"""The form with which a person says whether they are coming: each answer is a button."""

from wtforms import BooleanField, SelectField

from engage.meetings.rules import Coming
from engage.web.forms import EngageForm


class ReplyForm(EngageForm):
    """The form of an answer; the view knows which page it was on."""

    answer = SelectField(choices=[each.value for each in Coming])
    wants_reminder = BooleanField()

    @property
    def said(self) -> Coming:
        """Returns the answer of a valid form."""
        return Coming(self.answer.data)
