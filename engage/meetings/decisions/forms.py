"""The forms on decisions."""

from typing import Any

from flask_babel import lazy_gettext as _l

from engage.web.forms import Day, FreeText, RowSelect, VersionedForm


class FollowUpForm(VersionedForm):
    """The form of who carries a decision and when to review it, which change after the meeting, too."""

    owner_id = RowSelect(
        _l("Who carries it"), nothing=_l("Nobody yet"), description=_l("Also people without an account.")
    )
    review_on = Day(_l("Look at it again on"))

    def fields(self) -> dict[str, Any]:
        """Returns the decision's columns by name."""
        return {"owner_id": self.owner_id.row_id, "review_on": self.review_on.data}


class DecisionForm(FollowUpForm):
    text = FreeText(
        _l("What was decided"),
        longest=2000,
        required=_l("Write down what was decided."),
        description=_l("One sentence that somebody who was not there understands."),
    )
    item_id = RowSelect(_l("Line of the agenda"), nothing=_l("None"))

    def fields(self) -> dict[str, Any]:
        return {**super().fields(), "text": self.text.data or "", "item_id": self.item_id.row_id}
