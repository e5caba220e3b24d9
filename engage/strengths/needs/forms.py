"""Forms of needs and strengths."""

from collections.abc import Iterable
from typing import Any

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.strengths.labels import FEASIBILITY_LABELS, GAP_LABELS, IMPORTANCE_LABELS, plain_number
from engage.strengths.models import Need
from engage.web.forms import FreeLine, FreeText, OneOf, VersionedForm


class NeedForm(VersionedForm):
    """The form of a need from an indicator; its area and gap are the round's."""

    title = FreeLine(
        _l("What is missing"),
        required=_l("Say what is missing."),
        description=_l("In one sentence, as you would say it to a neighbor."),
    )
    details = FreeText(
        _l("What you know about it"),
        longest=2000,
        description=_l("What you see, who is affected, where, and how you know."),
    )

    def fields(self) -> dict[str, object]:
        """Returns the need's columns by name."""
        return {"title": self.title.data, "details": self.details.data or ""}


class NeedByHandForm(NeedForm):
    """The form of a need added by hand, with its area and how wide the gap is."""

    area = SelectField(_l("Focus area"), choices=[], default="")
    stated_gap = OneOf(
        _l("How much is missing"),
        [(str(gap), words) for gap, words in GAP_LABELS.items()],
        required=_l("Say how much is missing, from 1 to 4."),
        description=_l("A need from the assessment takes this from the agreed value or the median rating."),
    )

    def offer(self, areas: Iterable[tuple[str, str]]) -> None:
        self.area.choices = [
            SelectChoice("", _("Several, or none")),
            *(SelectChoice(*each) for each in areas),
        ]

    def fields(self) -> dict[str, Any]:
        own = {"area": self.area.data or "", "stated_gap": int(self.stated_gap.data)}
        return {**super().fields(), **own}


class RateForm(VersionedForm):
    """The form of how important and how feasible a need is."""

    importance = SelectField(
        _l("How important is it?"),
        choices=[SelectChoice("", _l("Choose"))]
        + [SelectChoice(str(n), words) for n, words in IMPORTANCE_LABELS.items()],
        validators=[DataRequired(_l("Say how important it is, from 1 to 5."))],
    )
    feasibility = SelectField(
        _l("How feasible is it within a year?"),
        choices=[SelectChoice("", _l("Choose"))]
        + [SelectChoice(str(n), words) for n, words in FEASIBILITY_LABELS.items()],
        validators=[DataRequired(_l("Say how feasible it is, from 1 to 5."))],
    )

    @classmethod
    def of(cls, need: Need) -> "RateForm":
        """Returns the form with the need's current rating."""
        rated = (
            {}
            if need.importance is None or need.feasibility is None
            else {
                "importance": plain_number(need.importance),
                "feasibility": plain_number(need.feasibility),
            }
        )
        return cls(formdata=None, data={"version": need.version, **rated})

    @property
    def numbers(self) -> tuple[int, int]:
        return int(self.importance.data), int(self.feasibility.data)


class CloseNeedForm(VersionedForm):
    closed_reason = FreeText(
        _l("Why it is no longer a need"),
        longest=1000,
        required=_l("Say why it is no longer a need, so that it is clear later."),
        description=_l("It is met, someone else takes care of it, or you see it differently now."),
    )
