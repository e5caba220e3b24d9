"""Forms for changing several actions at once: which actions, and what to change. Empty fields change nothing."""

import re
from collections.abc import Iterable, Mapping

from wtforms import BooleanField, HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.actions.forms.action import NOBODY_YET, number_ids
from engage.plan.bulk.rules import BulkChange
from engage.plan.labels import STATUS_LABELS
from engage.plan.rules import ActionStatus
from engage.web.forms import Day, EngageForm, FreeText

KEEP = ""
NONE = "0"
_KEEPS = _l("Leave as it is")
_SEEN = re.compile(r"[0-9]{1,9}:[0-9]{1,9}(?: [0-9]{1,9}:[0-9]{1,9})*")


class _Offered(SelectField):
    """A select whose choice may no longer exist when the form is sent."""

    def __init__(
        self, label: str, gone: str, choices: Iterable[SelectChoice] = (), **settings: object
    ) -> None:
        self._gone = gone
        super().__init__(label, choices=[SelectChoice(KEEP, _KEEPS), *choices], default=KEEP, **settings)

    def offer(self, nothing: str, rows: Iterable[tuple[int, str]]) -> None:
        self.choices = [
            SelectChoice(KEEP, _KEEPS),
            SelectChoice(NONE, nothing),
            *(SelectChoice(str(key), name) for key, name in rows),
        ]

    def pre_validate(self, form: object) -> None:
        if self.data not in {str(choice.value) for choice in self.choices}:
            raise ValidationError(self._gone)

    @property
    def is_named(self) -> bool:
        return self.data != KEEP

    @property
    def row_id(self) -> int | None:
        return int(self.data) or None


class BulkForm(EngageForm):
    """The form of the change.

    `seen` lists the chosen actions as the person saw them, as number:version, *14:3 15:1*.
    """

    seen = HiddenField()
    every = BooleanField()
    status = _Offered(
        _l("Status"),
        _l("Choose one of these."),
        [SelectChoice(status.value, STATUS_LABELS[status]) for status in ActionStatus],
    )
    reason = FreeText(
        _l("What help is needed, or why"),
        longest=1000,
        description=_l(
            "Required if you mark them stuck (what help?), no longer needed (why?), or open again (why?)."
        ),
    )
    owner_id = _Offered(_l("Who"), _l("This person is no longer here. Choose someone else."))
    due_on = Day(_l("By when"), description=_l("Leave empty to keep the dates as they are."))
    no_date = BooleanField(_l("Remove the date"))
    goal_id = _Offered(_l("Goal"), _l("This goal is no longer in the plan. Choose another."))
    leave_out = BooleanField(_l("Leave those out and change the others"))

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        # "status" is the page's status region.
        number_ids(self, "plan-several")

    def offer(self, people: Iterable[tuple[int, str]], goals: Iterable[tuple[int, str]]) -> None:
        """Sets the choices, from queries within the coalition."""
        self.owner_id.offer(str(NOBODY_YET), people)
        self.goal_id.offer(_("Not yet under a goal"), goals)

    def validate_due_on(self, field: Day) -> None:
        if field.data and self.no_date.data:
            raise ValidationError(_("Choose one: a new date, or no date."))

    # Errors that belong to no field link to the list of actions.
    errors_at = "plan-several-choose"

    def say(self, message: str) -> None:
        """Shows an error that belongs to no field."""
        self.form_errors.append(message)

    @property
    def seen_versions(self) -> dict[int, int]:
        """Returns the version of each action that the person saw, by number; empty if there is no such list."""
        text = self.seen.data or ""
        if len(text) > 20_000 or not _SEEN.fullmatch(text):
            return {}
        pairs = (pair.split(":") for pair in text.split(" "))
        return {int(number): int(version) for number, version in pairs}

    def see(self, versions: Mapping[int, int]) -> None:
        self.seen.data = " ".join(f"{number}:{version}" for number, version in versions.items())

    @property
    def wanted(self) -> BulkChange:
        values: dict[str, object] = {}
        if self.status.is_named:
            values["status"] = ActionStatus(self.status.data)
        if self.owner_id.is_named:
            values["owner_id"] = self.owner_id.row_id
        if self.due_on.data or self.no_date.data:
            values["due_on"] = self.due_on.data
        if self.goal_id.is_named:
            values["goal_id"] = self.goal_id.row_id
        return BulkChange(values, self.reason.data or "")
