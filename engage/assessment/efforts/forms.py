"""Forms of known efforts: adding one, and saying which organization runs it."""

from collections.abc import Iterable, Mapping

from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.assessment.efforts.service import Said
from engage.assessment.models import Effort
from engage.content.model import Sector
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.web.forms import EngageForm, FreeLine, NameLine, RowSelect, SeveralOf, VersionedForm


class EffortForm(VersionedForm):
    """The form of a known effort: who does what, for which people, in which focus area and where."""

    who = FreeLine(
        _l("Who does it?"),
        required=_l("Enter the organization or group."),
        description=_l("An organization or a group, never a private person."),
    )
    what = FreeLine(_l("What do they do?"), required=_l("Write what they do."))
    for_whom = FreeLine(
        _l("Who is it for?"), description=_l("A group of people, such as: teenagers who leave foster care.")
    )
    place = FreeLine(
        _l("Where?"), description=_l("A town or a part of the county. Never the address of a shelter.")
    )
    area = SelectField(_l("Focus area"), validators=[DataRequired(_l("Choose a focus area."))])

    def __init__(self, areas: Mapping[str, str], effort: Effort | None = None, **settings: object) -> None:
        kept = {}
        if effort is not None:
            kept = {name: getattr(effort, name) for name in ("area", "who", "what", "for_whom", "place")}
            kept["version"] = str(effort.version)
        super().__init__(data=kept, **settings)
        # An area that was removed from the questions stays the area of its efforts.
        self.area.choices = [
            SelectChoice("", _l("Choose one")),
            *(SelectChoice(key, name) for key, name in areas.items()),
        ]

    @property
    def said(self) -> Said:
        return Said(
            self.area.data,
            self.who.data or "",
            self.what.data or "",
            self.for_whom.data or "",
            self.place.data or "",
        )


class MergeEffortForm(EngageForm):
    """The form that says which organization these efforts belong to: a listed one, or a new one."""

    efforts = SeveralOf(_l("Efforts"))
    organization = RowSelect(_l("One of our organizations"), nothing=_l("Choose one"))
    name = NameLine(_l("Name of the organization"))
    sector = SelectField(_l("Sector"))
    # The name that was shown beside similar names, and that the person confirmed as a different organization.
    sure = HiddenField()

    def __init__(
        self,
        efforts: Iterable[Effort],
        organizations: Iterable[tuple[int, str]],
        sectors: Iterable[Sector],
        **settings: object,
    ) -> None:
        super().__init__(**settings)
        self.efforts.choices = [SelectChoice(str(each.id), f"{each.who}: {each.what}") for each in efforts]
        self.organization.offer(organizations)
        self.sector.choices = [
            SelectChoice("", _l("Choose one")),
            *(SelectChoice(sector.key, sector.name) for sector in sectors if sector.key != "residents"),
        ]

    @property
    def chosen_ids(self) -> set[int]:
        return {int(key) for key in self.efforts.data or []}

    def check(self, *, adds: bool) -> bool:
        """Checks what each of the two choices, a listed or a new organization, requires."""
        if not self.efforts.data:
            self.refuse("efforts", _("Choose at least one effort."))
        if adds and not self.name.data:
            self.refuse("name", _("Enter the organization’s name."))
        if adds and not self.sector.data:
            self.refuse("sector", _("Choose the sector it fits best."))
        if not adds and self.organization.row_id is None:
            self.refuse("organization", _("Choose the organization, or add a new one below."))
        return not self.errors
