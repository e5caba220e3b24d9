"""Forms of the plan of action."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext
from engage.plan.labels import STATUS_LABELS
from engage.plan.rules import ActionStatus
from engage.web.forms import Day, EngageForm, FreeLine, FreeText, RowSelect, SeveralOf, VersionedForm

_WHAT = _l("Say what will be done.")
NOBODY_YET = _l("No one yet")


def number_ids(form: EngageForm, key: str) -> None:
    """Gives the fields their own ids, for a form that is on a page more than once."""
    for field in form:
        field.id = f"{key}-{field.name}"
        field.label.field_id = field.id


class ActionLineForm(EngageForm):
    """The quick-add form: one line under a place of a plan."""

    plan = HiddenField()
    goal = HiddenField()
    objective = HiddenField()
    title = FreeLine(_l("What"), required=_WHAT)
    place = SelectField(_l("Goal"), choices=[], default="")
    owner_id = RowSelect(_l("Who"), nothing=NOBODY_YET)
    due_on = Day(_l("By when"))

    def place_at(self, key: str, place: Mapping[str, int]) -> None:
        """Sets where the line is added, by the ids of its plan, goal or objective; `key` prefixes the form's ids."""
        for name in ("plan", "goal", "objective"):
            self[name].data = str(place.get(name, ""))
        number_ids(self, key)

    def offer_places(self, places: Sequence[tuple[str, str]]) -> None:
        """Asks for the goal if there are goals to choose from."""
        if places:
            self.place.choices = _places(places)
        else:
            del self.place


class MoveActionForm(VersionedForm):
    """The form that moves an action to a status, with the answer that some moves ask for."""

    status = SelectField(
        _l("Status"),
        choices=[SelectChoice(status.value, STATUS_LABELS[status]) for status in ActionStatus],
    )
    reason = FreeText(
        _l("What help is needed, or why"),
        longest=1000,
        description=_l(
            "Required if the action is stuck (what help?), no longer needed (why?), or open again (why?)."
        ),
    )

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        # Without the prefix, the field's id "status" would be that of the page's status region.
        number_ids(self, "plan-move")

    @property
    def to(self) -> ActionStatus:
        return ActionStatus(self.status.data)


class ChangeForm(MoveActionForm):
    """The form of a row in the list, with the action's lead, due date and status."""

    owner_id = RowSelect(_l("Who"), nothing=NOBODY_YET)
    due_on = Day(_l("By when"))


class RowForm(ChangeForm):
    """The form of a row that also asks where the action belongs, and for a line on its progress."""

    place = SelectField(_l("Goal"), choices=[], default="")
    note = FreeText(_l("How it is going"), longest=2000)

    def offer_places(self, places: Iterable[tuple[str, str]]) -> None:
        self.place.choices = _places(places)


def _places(places: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice("", _("Not yet under a goal")), *(SelectChoice(*each) for each in places)]


class UpdateForm(EngageForm):
    text = FreeText(
        _l("How it is going"),
        longest=2000,
        required=_l("Write a line on how it is going."),
        description=_l("One or two sentences: what happened, what comes next."),
    )


class ActionForm(VersionedForm):
    """The form of an action, without its status, which changes on its own page."""

    title = FreeLine(
        _l("What will be done"),
        required=_WHAT,
        description=_l("Start with a verb: Train, Print, Ask, Agree."),
    )
    place = SelectField(
        _l("Goal or objective"),
        choices=[],
        default="",
        description=_l("The goal or objective this action serves. An action without a goal is a loose end."),
    )
    owner_id = RowSelect(_l("Owner"), nothing=NOBODY_YET)
    helpers = SeveralOf(_l("Helpers"))
    group_id = RowSelect(
        _l("Group"), nothing=_l("None"), description=_l("The core team or workgroup that does it.")
    )
    organization_id = RowSelect(_l("Partner organization"), nothing=lazy_pgettext("organization", "None"))
    start_on = Day(_l("Start"))
    due_on = Day(_l("By when"))
    need_id = RowSelect(
        _l("Need it answers"),
        nothing=lazy_pgettext("need", "None"),
        description=_l("So that everyone can see why you do it."),
    )
    details = FreeText(_l("Details"), description=_l("How you plan to do it."))
    resources_had = FreeText(_l("Resources you have"), description=_l("People, places, money, knowledge."))
    resources_needed = FreeText(_l("Resources you need"))
    barriers = FreeText(_l("Barriers"))
    inform = FreeText(_l("People to inform"), description=_l("Groups and offices that should hear about it."))

    def offer(
        self,
        places: Iterable[tuple[str, str]],
        people: list[tuple[int, str]],
        organizations: Iterable[tuple[int, str]],
        needs: Iterable[tuple[int, str]],
        groups: Sequence[tuple[int, str]],
    ) -> None:
        """Sets the choices, from queries within the coalition."""
        self.need_id.offer(needs)
        self.group_id.offer(groups)
        if not groups:
            del self.group_id
        self.place.choices = [
            SelectChoice("", _("Not yet under a goal")),
            *(SelectChoice(*each) for each in places),
        ]
        self.owner_id.offer(people)
        self.helpers.choices = [SelectChoice(str(key), name) for key, name in people]
        self.organization_id.offer(organizations)

    def stay_in_group(self) -> None:
        """Leaves out the group, because a lead who moved an action into their own group could delete it there."""
        if "group_id" in self:
            del self.group_id

    def validate_due_on(self, field: Day) -> None:
        if field.data and self.start_on.data and field.data < self.start_on.data:
            raise ValidationError(_("This is before the start. Choose the same day or a later one."))

    @property
    def helper_ids(self) -> set[int]:
        return {int(key) for key in self.helpers.data or ()}

    def fields(self) -> dict[str, Any]:
        """Returns the action's columns by name, without place and helpers."""
        return {
            "title": self.title.data,
            "owner_id": self.owner_id.row_id,
            "organization_id": self.organization_id.row_id,
            **{name: self[name].row_id for name in ("need_id", "group_id") if name in self},
            "start_on": self.start_on.data,
            "due_on": self.due_on.data,
            **{
                name: self[name].data or ""
                for name in ("details", "resources_had", "resources_needed", "barriers", "inform")
            },
        }
