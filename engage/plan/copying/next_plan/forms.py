"""Forms for starting the next plan: its name and dates, and for each thing whether it continues and why."""

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.plan.copying.next_plan.rules import CarryChoice, Chosen, MissingWords
from engage.plan.copying.next_plan.service import OpenAction, PlanInventory
from engage.plan.copying.rules import Baseline
from engage.plan.labels import WHY_LABELS
from engage.plan.plans.forms import PlanForm
from engage.plan.rules import CarryWhy
from engage.web.forms import FreeLine, OneOf

LEAVE = ""
_GOAL, _OBJECTIVE, _ACTION = "goal", "objective", "action"


class NextPlanForm(PlanForm):
    """The form of the next plan. Each goal, objective and action of the old plan adds two fields."""

    baseline = OneOf(
        _l("Starting values of the measures"),
        {
            Baseline.LATEST.value: _l("Their latest reading, or their starting value if there is none"),
            Baseline.KEEP.value: _l("Their starting value"),
        },
        required=_l("Choose one of these."),
        default=Baseline.LATEST.value,
    )

    def why(self, kind: str, key: int) -> object:
        return self[f"{kind}_{key}"]

    def words(self, kind: str, key: int) -> object:
        return self[f"{kind}_{key}_words"]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        for field in self._whys:
            words = self[f"{field.name}_words"]
            try:
                _choice(field.data, words.data)
            except MissingWords:
                words.errors = [*words.errors, _("Say in a few words why it continues.")]
                valid = False
        if valid and not self.chosen:
            self.form_errors.append(
                _("Choose at least one thing to carry over, or start an empty plan instead.")
            )
            valid = False
        return valid

    @property
    def _whys(self) -> "list[_Why]":
        return [field for field in self if isinstance(field, _Why)]

    @property
    def chosen(self) -> Chosen:
        found: dict[str, dict[int, CarryChoice]] = {_GOAL: {}, _OBJECTIVE: {}, _ACTION: {}}
        for field in self._whys:
            kind, _dash, key = field.name.partition("_")
            choice = _choice(field.data, self[f"{field.name}_words"].data)
            if choice is not None:
                found[kind][int(key)] = choice
        return Chosen(found[_GOAL], found[_OBJECTIVE], found[_ACTION])


def _choice(why: str | None, words: str | None) -> CarryChoice | None:
    return CarryChoice(CarryWhy(why), words or "") if why in set(CarryWhy) else None


class _Why(SelectField):
    """Two fields: whether something continues, and why."""

    def __init__(self, label: str, **settings: object) -> None:
        choices = [
            SelectChoice(LEAVE, _("Do not carry over")),
            *(
                SelectChoice(why.value, _("Carry over: %(why)s", why=words))
                for why, words in WHY_LABELS.items()
            ),
        ]
        super().__init__(label, choices=choices, **settings)

    def process_formdata(self, valuelist: list[str]) -> None:
        # Things added since the page was opened were never decided on, so they stay behind.
        self.data = LEAVE
        super().process_formdata(valuelist)


def next_plan_form(held: PlanInventory, **settings: object) -> NextPlanForm:
    """Builds the form.

    Open things are preselected, and so are goals and objectives that contain something open or nothing at
    all.
    """
    busy_goals = {each.goal_id for each in held.actions}
    busy = {each.objective_id for each in held.actions}
    fields: dict[str, object] = {}
    for goal in held.goals:
        _add(fields, _GOAL, goal.id, goal.title, CarryWhy.CONTINUES if goal.id in busy_goals else LEAVE)
    for objective in held.objectives:
        ready = CarryWhy.CONTINUES if objective.id in busy else LEAVE
        _add(fields, _OBJECTIVE, objective.id, objective.title, ready)
    for action in held.actions:
        _add(fields, _ACTION, action.number, action.title, CarryWhy.NOT_FINISHED)
    form: NextPlanForm = type("NextPlanFormOf", (NextPlanForm,), fields)(**settings)
    return form


def _add(fields: dict[str, object], kind: str, key: int, title: str, ready: str) -> None:
    fields[f"{kind}_{key}"] = _Why(title, default=str(ready))
    fields[f"{kind}_{key}_words"] = FreeLine(_("Why: %(title)s", title=title), longest=300, about_people=True)


def of_goal(actions: Iterable[OpenAction], goal_id: int | None, objective_id: int | None) -> list[OpenAction]:
    """Returns the open actions in one place of the plan."""
    return [each for each in actions if (each.goal_id, each.objective_id) == (goal_id, objective_id)]
