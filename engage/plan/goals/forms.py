"""The forms on goals and objectives."""

from collections.abc import Iterable, Sequence

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import Day, FreeLine, FreeText, RowSelect, SeveralOf, VersionedForm


class GoalForm(VersionedForm):
    title = FreeLine(
        _l("Goal"),
        required=_l("Say what should be different."),
        description=_l("What should be different in your community, in one sentence."),
    )
    why = FreeText(
        _l("Why"), longest=2000, description=_l("What you saw or heard that makes this goal matter.")
    )
    area = SelectField(_l("Focus area"), choices=[], default="")
    needs = SeveralOf(_l("Needs it answers"))
    group_id = RowSelect(
        _l("Group"), nothing=_l("None"), description=_l("The core team or workgroup that works toward it.")
    )

    def offer(
        self,
        areas: Iterable[tuple[str, str]],
        needs: Iterable[tuple[int, str]],
        groups: Sequence[tuple[int, str]],
    ) -> None:
        """Sets the choices; if there are no groups, the form does not ask for one."""
        self.group_id.offer(groups)
        if not groups:
            del self.group_id
        self.needs.choices = [SelectChoice(str(key), name) for key, name in needs]
        self.area.choices = [
            SelectChoice("", _("Several, or none")),
            *(SelectChoice(*each) for each in areas),
        ]

    def fields(self) -> dict[str, object]:
        return {
            "title": self.title.data,
            "why": self.why.data or "",
            "area": self.area.data or "",
            **({"group_id": self.group_id.row_id} if "group_id" in self else {}),
        }

    @property
    def need_ids(self) -> set[int]:
        return {int(key) for key in self.needs.data or ()}


class ObjectiveForm(VersionedForm):
    title = FreeLine(
        _l("Objective"),
        required=_l("Say what you will achieve within a year."),
        description=_l("A step toward the goal that you can reach within 12 months."),
    )
    measure = FreeLine(
        _l("Measure of success"),
        description=_l(
            "A number to track: places for boys within a day, from 0 to 6. With both numbers, it "
            "counts as a measure right away."
        ),
    )
    due_on = Day(_l("By when"))

    def fields(self) -> dict[str, object]:
        return {"title": self.title.data, "measure": self.measure.data or "", "due_on": self.due_on.data}
