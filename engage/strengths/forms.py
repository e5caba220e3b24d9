"""Forms of needs and strengths."""

from collections.abc import Iterable
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.strengths.models import Need
from engage.strengths.rules import StrengthKind
from engage.strengths.words import (
    FEASIBILITY_WORDS,
    GAP_WORDS,
    IMPORTANCE_WORDS,
    KIND_WHY,
    KIND_WORDS,
    plain_number,
)
from engage.web.forms import FreeLine, FreeText, OneOf, RowSelect, SeveralOf, VersionedForm


class NeedForm(VersionedForm):
    """A need from an indicator; its area and gap are the round's."""

    title = FreeLine(
        _l("What is missing"),
        required=_l("Say what is missing."),
        description=_l("In one sentence, as you would say it to a neighbor."),
    )
    details = FreeText(
        _l("What you know about it"),
        longest=2000,
        description=_l("What you see, for whom, where, and how you know."),
    )

    def fields(self) -> dict[str, Any]:
        """The need's columns by name."""
        return {"title": self.title.data, "details": self.details.data or ""}


class NeedByHandForm(NeedForm):
    """A need by hand says its area and how wide the gap is."""

    area = SelectField(_l("Focus area"), choices=[], default="")
    stated_gap = OneOf(
        _l("How much is missing"),
        [(str(gap), words) for gap, words in GAP_WORDS.items()],
        required=_l("Say how much is missing, from 1 to 4."),
        description=_l(
            "A need from the assessment takes this from what you agreed on or from the middle rating."
        ),
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
    """How important and how feasible a need is."""

    importance = SelectField(
        _l("How important is it?"),
        choices=[SelectChoice("", _l("Choose"))]
        + [SelectChoice(str(n), words) for n, words in IMPORTANCE_WORDS.items()],
        validators=[DataRequired(_l("Say how important it is, from 1 to 5."))],
    )
    feasibility = SelectField(
        _l("How feasible is it within a year?"),
        choices=[SelectChoice("", _l("Choose"))]
        + [SelectChoice(str(n), words) for n, words in FEASIBILITY_WORDS.items()],
        validators=[DataRequired(_l("Say how feasible it is, from 1 to 5."))],
    )

    @classmethod
    def of(cls, need: Need) -> "RateForm":
        """As the need is rated now."""
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


class CloseForm(VersionedForm):
    closed_reason = FreeText(
        _l("Why it is no longer a need"),
        longest=1000,
        required=_l("Say why it is no longer a need, so that nobody wonders later."),
        description=_l("It is met, somebody else takes care of it, or you see it differently now."),
    )


class StrengthForm(VersionedForm):
    """A strength with its giver: a person, an organization, both, or with neither the community."""

    title = FreeLine(
        _l("What is on offer"),
        required=_l("Say what is on offer."),
        description=_l("In a few words: a van on weekends, a trainer for clinics, a room for 20."),
    )
    kind = OneOf(
        _l("What kind of strength it is"),
        {kind.value: words for kind, words in KIND_WORDS.items()},
        required=_l("Choose what kind of strength it is."),
        descriptions={kind.value: why for kind, why in KIND_WHY.items()},
    )
    giver_id = RowSelect(
        _l("Who offers it"),
        nothing=_l("Nobody in particular"),
        description=_l("Also people without an account."),
    )
    organization_id = RowSelect(
        _l("Which organization"),
        nothing=_l("None"),
        description=_l("With neither a person nor an organization it belongs to the community."),
    )
    areas = SeveralOf(_l("Focus areas that it could serve"))
    indicator = SelectField(
        _l("The statement of the assessment that it answers"),
        choices=[],
        default="",
        description=_l("Where it answers one: it is then suggested for that need first."),
    )
    limits = FreeText(
        _l("Limits"),
        longest=1000,
        description=_l("When, how much, for whom not: two Saturdays a month, adults only."),
    )

    def offer(
        self,
        people: Iterable[tuple[int, str]],
        organizations: Iterable[tuple[int, str]],
        areas: Iterable[tuple[str, str]],
        indicators: Iterable[tuple[str, str]],
    ) -> None:
        """What may be chosen, from owner-scoped queries."""
        self.giver_id.offer(people)
        self.organization_id.offer(organizations)
        self.areas.choices = [SelectChoice(key, name) for key, name in areas]
        self.indicator.choices = [
            SelectChoice("", _("None in particular")),
            *(SelectChoice(key, title) for key, title in indicators),
        ]

    @property
    def chosen_kind(self) -> StrengthKind:
        return StrengthKind(self.kind.data)

    def fields(self) -> dict[str, Any]:
        """The strength's columns by name, without its areas."""
        return {
            "title": self.title.data,
            "kind": self.chosen_kind,
            "giver_id": self.giver_id.row_id,
            "organization_id": self.organization_id.row_id,
            "indicator": self.indicator.data or "",
            "limits": self.limits.data or "",
        }
