"""Forms of sign-ups: the limit of places, and the fields for a person who signs up."""

from collections.abc import Sequence

from msgspec.structs import replace
from wtforms import HiddenField, SelectField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import ValidationError

from engage import tokens
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.numbers import Problem
from engage.plan.activities.labels import discipline_name, too_many_words
from engage.plan.activities.rules import AUDIENCES_MOST, Audience
from engage.plan.signups.models import Signup
from engage.plan.signups.rules import SEATS_MOST
from engage.web.forms import Address, Amount, EngageForm, NameLine, PhoneLine, SeveralOf
from engage.web.labels import NUMBER_LABELS


class PlacesForm(EngageForm):
    """The form that opens the sign-up page, with its number of spots."""

    seats = Amount(_l("Number of spots"), description=_l("Leave it empty if there is room for everyone."))

    def validate_seats(self, field: Amount) -> None:
        if field.number is None:
            return
        if field.number != int(field.number) or not 1 <= field.number <= SEATS_MOST:
            raise ValidationError(
                _("Enter a whole number from %(least)s to %(most)s.", least=1, most=SEATS_MOST)
            )

    @property
    def places(self) -> int | None:
        return int(self.seats.number) if self.seats.number is not None else None


class CameForm(EngageForm):
    """The form of a paper sign-in sheet: who came, and which ticks the page showed when it was opened."""

    came = SeveralOf(_l("Came"))
    shown = SeveralOf("")

    def offer(self, people: Sequence[Signup]) -> None:
        choices = [SelectChoice(str(each.id), each.name) for each in people]
        self.came.choices = self.shown.choices = choices

    @property
    def changed(self) -> tuple[set[int], set[int]]:
        """Returns the people whose tick was added, and those whose tick was removed.

        Other people keep their present state.
        """
        came, shown = ({int(key) for key in field.data or ()} for field in (self.came, self.shown))
        return came - shown, shown - came


class DoubleForm(EngageForm):
    """The form of an organizer's decision on two people who signed in with the same name."""

    said = SelectField(choices=["same", "two"])

    @property
    def is_same(self) -> bool:
        return str(self.said.data) == "same"


class CountForm(EngageForm):
    """The form that counts who came.

    For an event with several audiences it asks for the number of each, if known.
    """

    people_1 = Amount("")
    people_2 = Amount("")
    people_3 = Amount("")
    people_4 = Amount("")

    def __init__(self, audiences: Sequence[Audience], came: int, **settings: object) -> None:
        super().__init__(**settings)
        self.audiences, self.came = audiences, came
        asked = audiences if len(audiences) > 1 else ()
        for number in range(len(asked) + 1, AUDIENCES_MOST + 1):
            del self[f"people_{number}"]
        for field, audience in zip(self.fields, asked, strict=True):
            field.label.text = discipline_name(audience.discipline)

    @property
    def fields(self) -> list[Amount]:
        return [field for field in self if isinstance(field, Amount)]

    def validate(self, extra_validators: object = None) -> bool:
        if not super().validate(extra_validators):
            return False
        for field in self.fields:
            if field.number is not None and (field.number < 0 or field.number != int(field.number)):
                self.refuse(field.name, str(NUMBER_LABELS[Problem.NOT_WHOLE]))
                return False
        people = int(sum(field.number or 0 for field in self.fields))
        if people > self.came:
            message = too_many_words(people)
            self.refuse("people_1", message)
            return False
        return True

    @property
    def counted(self) -> tuple[Audience, ...]:
        """Returns the audiences with their people; a single audience gets everyone who came."""
        if len(self.audiences) == 1:
            return (replace(self.audiences[0], people=self.came),)
        return tuple(
            replace(audience, people=int(field.number) if field.number is not None else audience.people)
            for audience, field in zip(self.audiences, self.fields, strict=True)
        )


class SignupPersonForm(EngageForm):
    """The form of a person at the door. `press` distinguishes people who sign in from the same page."""

    name = NameLine(_l("Your name"), required=_l("Enter your name."))
    organization = NameLine(_l("Organization, if you represent one"), longest=160)
    sector = SelectField(_l("What fits you best?"), choices=[], default="")
    press = HiddenField()

    def __init__(self, *args: object, **settings: object) -> None:
        super().__init__(*args, **settings)
        if not self.press.data or len(self.press.data) > 43:
            self.press.data = tokens.new_token()
        self.sector.choices = [
            SelectChoice("", _("I would rather not say")),
            *(SelectChoice(each.key, each.name) for each in content().sectors_of_people),
        ]

    def fields(self) -> dict[str, object]:
        return {
            "name": self.name.data or "",
            "organization": self.organization.data or "",
            "sector": self.sector.data or "",
        }


class SignupForm(SignupPersonForm):
    """The form of a person who signs up."""

    email = Address(_l("E-mail address"))
    phone = PhoneLine(_l("Phone number"))

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if not self.email.data and not self.phone.data and not self.email.errors:
            self.refuse("email", _("Enter an e-mail address or a phone number, so that we can reach you."))
            return False
        return valid

    def fields(self) -> dict[str, object]:
        return {**super().fields(), "email": self.email.data or "", "phone": self.phone.data or ""}
