"""Defines the forms of About us: one for each part, one for a position, and one to accept the statement."""

from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage.coalitions.about.labels import PART_LABELS
from engage.coalitions.labels import (
    LEADERSHIP_LABELS,
    LEADERSHIP_WHY,
    MEMBERSHIP_LABELS,
    MEMBERSHIP_WHY,
    STAGE_LABELS,
    STAGE_WHY,
    STRUCTURE_LABELS,
    STRUCTURE_WHY,
)
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.numbers import whole_number
from engage.web.forms import Day, EngageForm, FreeLine, FreeText, OneOf, RowSelect, SeveralOf, VersionedForm

LATER = ("", _l("Decide later"))


class ShapeForm(EngageForm):
    """The form of the setup wizard's third page; every choice on it may be made later."""

    stage = OneOf(
        _l("Are you new or existing?"),
        [*STAGE_LABELS.items(), LATER],
        descriptions=STAGE_WHY,
        description=_l("Getting Started and the Tips for Success show what fits."),
        default="",
    )
    structure = OneOf(
        _l("What is your structure?"),
        [*STRUCTURE_LABELS.items(), LATER],
        descriptions=STRUCTURE_WHY,
        description=_l("People can only join what they understand."),
        default="",
    )
    leadership = OneOf(
        _l("Who leads it?"),
        [*LEADERSHIP_LABELS.items(), LATER],
        descriptions=LEADERSHIP_WHY,
        description=_l("It decides who can make promises in the coalition's name."),
        default="",
    )
    membership_style = OneOf(
        _l("How does membership work?"),
        [*MEMBERSHIP_LABELS.items(), LATER],
        descriptions=MEMBERSHIP_WHY,
        description=_l("Both work. Say which, so that no one has to wonder."),
        default="",
    )


class WordsForm(VersionedForm):
    """The form of mission, vision and definitions."""

    mission = FreeText(
        _l("Mission"),
        description=_l("What you do, who it is for, and what should be different because of it."),
        about_people=False,
    )
    vision = FreeText(
        _l("Vision"),
        description=_l("What the community looks like when the work is done."),
        about_people=False,
    )
    definitions = FreeText(
        _l("The words we use"),
        longest=10_000,
        description=_l("What you mean by human trafficking, sex and labor, adults and young people."),
        about_people=False,
    )


class SetUpForm(VersionedForm, ShapeForm):
    """The form of how the coalition is organized, and of what that means for it."""

    structure_note = FreeText(
        _l("What this means for us"),
        description=_l(
            "Who decides what, who hosts the coalition, and who to ask about the task force next door."
        ),
        about_people=False,
    )


class JoiningForm(VersionedForm):
    """The form of how people join, what is expected of them, and which meetings are open to everyone."""

    joining = FreeText(
        _l("How to join"),
        description=_l(
            "The steps, in order, and who to ask. Also say here if an organization signs an agreement."
        ),
        about_people=False,
    )
    expectations = FreeText(
        _l("What we expect"),
        description=_l(
            "How often you meet, what members do between meetings, and what they may count on in return."
        ),
        about_people=False,
    )
    open_meetings = FreeText(
        _l("Open meetings"),
        description=_l("Which meetings anyone may come to, where and when, and which are for members."),
        about_people=False,
    )


class StatementForm(VersionedForm):
    """The form of the confidentiality statement."""

    statement = FreeText(_l("Confidentiality statement"), about_people=False)


class PublicAboutForm(VersionedForm):
    """The form to choose which parts the public page shows."""

    parts = SeveralOf(_l("Parts to show"), PART_LABELS.items())


class AcceptForm(EngageForm):
    """The form with the button that accepts the confidentiality statement with this number."""

    number = HiddenField()

    @property
    def accepted(self) -> int:
        """Returns the number of the accepted statement; -1, which no statement has, if the form holds none."""
        number = whole_number(str(self.number.data or ""))
        return -1 if number is None else number


class PaperForm(EngageForm):
    """The form to record who signed the statement on paper."""

    people = SeveralOf(_l("Who signed on paper?"))

    def offer(self, people: list[tuple[int, str]]) -> None:
        self.people.choices = [SelectChoice(str(key), name) for key, name in people]

    def validate_people(self, field: SeveralOf) -> None:
        if not field.data:
            raise ValidationError(_("Check at least one person."))


class PositionForm(VersionedForm):
    """The form of a position."""

    title = FreeLine(
        _l("Position"),
        longest=80,
        required=_l("Name the position."),
        description=_l("Such as chair, backup chair, recorder, or treasurer. It changes no one's access."),
    )
    person = RowSelect(_l("Who holds it"), nothing=_l("No one yet"))
    stand_in = RowSelect(_l("Stand-in"), nothing=_l("No one yet"))
    since = Day(_l("Since"))
    until = Day(_l("Term ends on"))

    def offer(self, people: list[tuple[int, str]]) -> None:
        self.person.offer(people)
        self.stand_in.offer(people)

    def fields(self) -> dict[str, object]:
        return {
            "title": self.title.data or "",
            "membership_id": self.person.row_id,
            "stand_in_id": self.stand_in.row_id,
            "since": self.since.data,
            "until": self.until.data,
        }

    def validate_until(self, field: Day) -> None:
        if field.data and self.since.data and field.data < self.since.data:
            raise ValidationError(_("The term ends before it begins. Check both dates."))
