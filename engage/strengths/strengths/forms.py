"""The form on a strength."""

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.i18n import lazy_pgettext
from engage.strengths.labels import KIND_LABELS, KIND_WHY
from engage.strengths.rules import StrengthKind
from engage.web.forms import FreeLine, FreeText, OneOf, RowSelect, SeveralOf, VersionedForm


class StrengthForm(VersionedForm):
    """The form of a strength with its giver: a person, an organization, both, or the community if neither is set."""

    title = FreeLine(
        _l("What is available"),
        required=_l("Say what is available."),
        description=_l("In a few words: a van on weekends, a trainer for clinics, a room for 20."),
    )
    kind = OneOf(
        _l("What kind of strength it is"),
        {kind.value: words for kind, words in KIND_LABELS.items()},
        required=_l("Choose what kind of strength it is."),
        descriptions={kind.value: why for kind, why in KIND_WHY.items()},
    )
    giver_id = RowSelect(
        _l("Offered by"),
        nothing=_l("No one in particular"),
        description=_l("People without an account can lead too."),
    )
    organization_id = RowSelect(
        _l("Which organization"),
        nothing=lazy_pgettext("organization", "None"),
        description=_l("Without a person or an organization, it belongs to the community."),
    )
    areas = SeveralOf(_l("Focus areas it could serve"))
    indicator = SelectField(
        _l("Assessment statement it answers"),
        choices=[],
        default="",
        description=_l(
            "If this answers a statement, Engage suggests it first for needs from that statement."
        ),
    )
    limits = FreeText(
        _l("Limits"),
        longest=1000,
        description=_l("When, how much, any limits: two Saturdays a month, adults only."),
    )

    def offer(
        self,
        people: Iterable[tuple[int, str]],
        organizations: Iterable[tuple[int, str]],
        areas: Iterable[tuple[str, str]],
        indicators: Iterable[tuple[str, str]],
    ) -> None:
        """Sets the choices, from queries within the coalition."""
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

    def fields(self) -> dict[str, object]:
        """Returns the strength's columns by name, without its areas."""
        return {
            "title": self.title.data,
            "kind": self.chosen_kind,
            "giver_id": self.giver_id.row_id,
            "organization_id": self.organization_id.row_id,
            "indicator": self.indicator.data or "",
            "limits": self.limits.data or "",
        }
