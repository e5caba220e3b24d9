"""The forms on plans."""

from collections.abc import Iterable, Sequence
from typing import Any

from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.forms import AtMeeting
from engage.meetings.held import MeetingRef
from engage.web.forms import Day, EngageForm, FreeLine, NameLine, SeveralOf, VersionedForm


class PlanForm(VersionedForm):
    title = NameLine(
        _l("Name of the plan"),
        required=_l("Give the plan a name."),
        description=_l("Such as: Plan of action 2026-27."),
    )
    starts_on = Day(_l("From"))
    ends_on = Day(_l("To"))

    def validate_ends_on(self, field: Day) -> None:
        if field.data and self.starts_on.data and field.data < self.starts_on.data:
            raise ValidationError(_("This is before the plan begins. Choose a later day."))

    def fields(self) -> dict[str, Any]:
        return {"title": self.title.data, "starts_on": self.starts_on.data, "ends_on": self.ends_on.data}


class AdoptionForm(EngageForm):
    """The part of a form that asks when and where a plan was adopted."""

    adopted_on = Day(_l("Adopted on"), required=_l("Enter the day the plan was adopted."))
    meeting_id = AtMeeting()
    adopted_at_meeting = FreeLine(
        _l("Or another place"),
        longest=120,
        description=_l(
            "Only for a meeting that is not in your records, in a few words: planning session at the library."
        ),
    )

    def offer_held(self, held: Sequence[MeetingRef]) -> None:
        """Offers these meetings; if there are none, the form asks only for words."""
        self.meeting_id.offer_held(held)
        if not held:
            self.adopted_at_meeting.label.text = _("Meeting")
            self.adopted_at_meeting.description = _("In a few words: planning session at the library.")

    @property
    def adoption(self) -> dict[str, Any]:
        return {
            "adopted_on": self.adopted_on.data,
            "meeting_id": self.meeting_id.row_id,
            "adopted_at_meeting": self.adopted_at_meeting.data or "",
        }


class AdoptedPlanForm(PlanForm, AdoptionForm):
    """The form of an adopted plan, also with when and where it was adopted."""

    def fields(self) -> dict[str, object]:
        return {**super().fields(), **self.adoption}


class ClosePlanForm(EngageForm):
    """The form that closes a plan; `carried` are numbers of its open actions."""

    carried = SeveralOf(
        _l("Open actions to carry over"),
        description=_l(
            "They keep their numbers and people, and stay under their goal if it was carried over, too."
        ),
    )

    def offer(self, actions: Iterable[tuple[int, str]]) -> None:
        self.carried.choices = [SelectChoice(str(number), title) for number, title in actions]

    def carry_all(self) -> None:
        self.carried.data = [choice.value for choice in self.carried.choices]

    @property
    def numbers(self) -> list[int]:
        return [int(number) for number in self.carried.data or ()]


class AdoptForm(ClosePlanForm, AdoptionForm):
    """The form that adopts a plan and carries over open actions of the previous one."""
