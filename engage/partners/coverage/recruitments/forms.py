"""Forms of open recruitments: whom to ask, who asks by when, and the outcome."""

from collections.abc import Iterable

from wtforms import SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired

from engage.content.loader import content
from engage.i18n import lazy_gettext as _l
from engage.partners.coverage.recruitments.labels import OUTCOME_LABELS, OUTCOME_WHY
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.web.forms import Day, FreeLine, FreeText, OneOf, RowSelect, VersionedForm


class RecruitmentForm(VersionedForm):
    """The form of an open recruitment: someone is to be invited for a sector, maybe in one focus area."""

    sector = SelectField(_l("Sector"), validators=[DataRequired(_l("Choose the sector."))])
    area = SelectField(_l("Focus area"), default="")
    discipline = SelectField(
        _l("Discipline"),
        default="",
        description=_l("If you are looking for one kind of work, such as nurses."),
    )
    organization_id = RowSelect(
        _l("Person to ask"),
        nothing=_l("Not known yet"),
        description=_l("An organization from the directory. Leave empty if you do not know one yet."),
    )
    whom = FreeLine(
        _l("Who to ask, in words"),
        longest=200,
        description=_l("An office or a group: the ministers’ lunch, the Rotary Club."),
    )
    inviter_id = RowSelect(_l("Who will ask"), nothing=_l("No one yet"))
    ask_by = Day(
        _l("By when"),
        description=_l("A sector counts toward Getting Started once you say who will ask and by when."),
    )

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        words = content()
        self.sector.choices = [
            SelectChoice("", _l("Choose a sector")),
            *(SelectChoice(each.key, each.name) for each in words.sectors),
        ]
        self.area.choices = [
            SelectChoice("", _l("The whole sector")),
            *(SelectChoice(each.key, each.name) for each in words.areas),
        ]
        self.discipline.choices = [
            SelectChoice("", _l("Any kind of work")),
            *(SelectChoice(each.key, each.name) for each in words.organization_disciplines()),
        ]

    def offer(self, organizations: Iterable[tuple[int, str]], people: Iterable[tuple[int, str]]) -> None:
        """Sets the choices, from queries within the coalition."""
        self.organization_id.offer(organizations)
        self.inviter_id.offer(people)

    def fields(self) -> dict[str, object]:
        """Returns columns by name."""
        return {
            "sector": self.sector.data,
            "area": self.area.data or "",
            "discipline": self.discipline.data or "",
            "organization_id": self.organization_id.row_id,
            "whom": self.whom.data or "",
            "inviter_id": self.inviter_id.row_id,
            "ask_by": self.ask_by.data,
        }


class CloseRecruitmentForm(VersionedForm):
    """The form of a recruitment's outcome."""

    outcome = OneOf(
        _l("What came of it?"),
        {each.value: words for each, words in OUTCOME_LABELS.items()},
        required=_l("Say what came of it."),
        descriptions={each.value: words for each, words in OUTCOME_WHY.items()},
    )
    taken_by_id = RowSelect(
        _l("Filled by"),
        nothing=_l("Someone without an organization"),
        description=_l("Only if someone joined."),
    )
    note = FreeText(_l("Note"), longest=1000, description=_l("What they said, or what to try another time."))

    @property
    def came_of_it(self) -> RecruitmentOutcome:
        return RecruitmentOutcome(self.outcome.data)
