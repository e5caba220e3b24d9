"""Forms of matches."""

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.i18n import lazy_gettext as _l
from engage.strengths.matches.labels import MATCH_LABELS
from engage.strengths.rules import MatchState
from engage.web.forms import Day, EngageForm, FreeText, NameLine, RowSelect, VersionedForm

NOBODY_YET = _l("Not given yet")


class ChosenForm(EngageForm):
    """The form that matches a strength with a need by a suggestion's button."""

    strength_id = RowSelect(
        _l("Strength"), nothing=_l("Choose one"), validators=[DataRequired(_l("Choose a strength."))]
    )

    def offer(self, strengths: Iterable[tuple[int, str]]) -> None:
        self.strength_id.offer(strengths)


class _HowFields:
    how = FreeText(
        _l("How it could help"),
        longest=2000,
        description=_l("What it would take: when, how often, what has to be ready first."),
    )
    ask_id = RowSelect(
        _l("Person to ask"),
        nothing=NOBODY_YET,
        description=_l("Someone in the coalition, with or without an account."),
    )
    ask = NameLine(
        _l("Or in words"),
        longest=200,
        description=_l("For someone who is not on the list, by role: the pastor of Grace Church."),
    )

    def fields(self) -> dict[str, object]:
        return {"how": self.how.data or "", "ask_id": self.ask_id.row_id, "ask": self.ask.data or ""}


class ChooseMatchForm(_HowFields, ChosenForm):
    """The form that matches any strength with a need, with how it is used and whom to ask."""


class MoveMatchForm(VersionedForm):
    """The form of buttons that set a match's state."""

    state = SelectField(
        _l("Status"),
        choices=[SelectChoice(state.value, MATCH_LABELS[state]) for state in MatchState],
    )

    @property
    def to(self) -> MatchState:
        return MatchState(self.state.data)


class MatchForm(_HowFields, MoveMatchForm):
    """The form with all fields of a match."""

    asked_on = Day(_l("Asked on"), description=_l("Leave empty for today, once someone has been asked."))

    def fields(self) -> dict[str, object]:
        return {**super().fields(), "state": self.to, "asked_on": self.asked_on.data}
