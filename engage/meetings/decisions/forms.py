"""The forms of decisions."""

from wtforms import BooleanField

from engage.i18n import lazy_gettext as _l
from engage.web.forms import Day, FreeText, RowSelect, VersionedForm


class FollowUpForm(VersionedForm):
    """The form of a decision's owner and review date, which may change even after the meeting is closed."""

    owner_id = RowSelect(
        _l("Person responsible"),
        nothing=_l("No one yet"),
        description=_l("People without an account can lead too."),
    )
    review_on = Day(_l("Review on"))
    no_action = BooleanField(
        _l("No action needed"),
        description=_l("Check this if the decision says it all. Then it is no longer a loose end."),
    )

    def fields(self) -> dict[str, object]:
        """Returns the decision's columns by name."""
        return {
            "owner_id": self.owner_id.row_id,
            "review_on": self.review_on.data,
            "no_action": self.no_action.data,
        }


class DecisionForm(FollowUpForm):
    text = FreeText(
        _l("What was decided"),
        longest=2000,
        required=_l("Write what was decided."),
        description=_l("One sentence that someone who was not there will understand."),
    )
    item_id = RowSelect(_l("Agenda item"), nothing=_l("None"))

    def fields(self) -> dict[str, object]:
        return {**super().fields(), "text": self.text.data or "", "item_id": self.item_id.row_id}
