"""Forms for copying a goal: the choice of what is copied."""

from collections.abc import Iterable
from typing import Any

from wtforms import BooleanField, HiddenField
from wtforms.fields.choices import SelectChoice

from engage.i18n import lazy_gettext as _l
from engage.i18n import ngettext
from engage.numbers import whole_number
from engage.plan.copying.goal.service import CopyChoices, GoalInventory
from engage.plan.copying.rules import MONTHS_MOST, Baseline, CopiedDates, Shift, Take
from engage.web.forms import EngageForm, FreeLine, Number, OneOf, RowSelect, SeveralOf

_CHOOSE = _l("Choose one of these.")


class GoalCopyForm(EngageForm):
    """The form that copies a goal. `newest` is the coalition's newest goal when the page was opened."""

    newest = HiddenField()
    title = FreeLine(_l("Goal"), required=_l("Say what should be different."))
    plan_id = RowSelect(_l("Plan to copy it to"))
    objectives = SeveralOf(
        _l("Objectives to copy"),
        description=_l("An objective's actions are copied only along with the objective."),
    )
    actions = OneOf(_l("Actions to copy"), (), required=_CHOOSE, default=Take.OPEN.value)
    dates = OneOf(
        _l("Dates"),
        {
            CopiedDates.SHIFT.value: _l("Later, by the months below"),
            CopiedDates.CLEAR.value: _l("No dates yet"),
            CopiedDates.KEEP.value: _l("As they are"),
        },
        required=_CHOOSE,
        default=CopiedDates.SHIFT.value,
    )
    months = Number(_l("Months later"), least=1, most=MONTHS_MOST, default=12)
    people = BooleanField(_l("Keep the owner, the helpers, and the partner"), default=True)
    needs = BooleanField(_l("Keep the needs it answers"), default=True)
    measures = BooleanField(
        _l("Copy the measures"), default=True, description=_l("Their readings stay with the old goal.")
    )
    baseline = OneOf(
        _l("Starting values of the measures"),
        {
            Baseline.LATEST.value: _l("Their latest reading, or their starting value if there is none"),
            Baseline.KEEP.value: _l("Their starting value"),
            Baseline.NONE.value: _l("Nothing yet"),
        },
        required=_CHOOSE,
        default=Baseline.LATEST.value,
    )

    def offer(self, held: GoalInventory, plans: Iterable[tuple[int, str]]) -> None:
        """Sets the goal's parts and the open plans as choices; it does not ask about parts that the goal lacks."""
        self.objectives.choices = [SelectChoice(str(key), title) for key, title in held.objectives]
        self.actions.choices = [
            SelectChoice(
                Take.OPEN.value, ngettext("The %(num)s open one", "The %(num)s open ones", held.open)
            ),
            SelectChoice(
                Take.ALL.value,
                ngettext(
                    "All %(num)s; finished ones start over",
                    "All %(num)s; finished ones start over",
                    held.actions,
                ),
            ),
            SelectChoice(Take.NONE.value, str(_l("None"))),
        ]
        self.plan_id.offer(plans)
        for name, is_there in (
            ("objectives", held.objectives),
            ("actions", held.actions),
            ("people", held.actions),
            ("needs", held.needs),
            ("measures", held.measures),
            ("baseline", held.measures),
        ):
            if not is_there:
                del self[name]

    def start_with(self, title: str, held: GoalInventory, plan_id: int, newest: int) -> None:
        """Preselects everything that is open."""
        self.newest.data = str(newest)
        self.title.data = title
        self.plan_id.data = plan_id
        if "objectives" in self:
            self.objectives.data = [str(key) for key, _title in held.objectives]

    def validate(self, extra_validators: object = None) -> bool:
        if self.dates.data != CopiedDates.SHIFT:
            # The field is not used, so its value must not raise an error.
            self.months.validators, self.months.process_errors = (), []
        return super().validate(extra_validators)

    @property
    def chosen(self) -> CopyChoices:
        dates = CopiedDates(self.dates.data)
        return CopyChoices(
            title=self.title.data or "",
            objectives={int(key) for key in self._data("objectives", ())},
            actions=Take(self._data("actions", Take.NONE)),
            shift=Shift(dates, (self.months.data or 0) if dates is CopiedDates.SHIFT else 0),
            keeps_people=self._data("people", False),
            keeps_needs=self._data("needs", False),
            takes_measures=self._data("measures", False),
            baseline=Baseline(self._data("baseline", Baseline.KEEP)),
            newest=self._newest,
        )

    @property
    def _newest(self) -> int | None:
        return whole_number(self.newest.data or "")

    def _data(self, name: str, otherwise: object) -> Any:
        return (self[name].data or type(otherwise)()) if name in self else otherwise
