"""Defines the forms of a round: opening, changing and reopening it, and whom it asks."""

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, HiddenField, ValidationError
from wtforms.fields.choices import SelectChoice

from engage.assessment.questions import QuestionSet
from engage.assessment.respondents.queries import DisciplineCount, RespondentPerson
from engage.assessment.results.rules.closing import SMALLEST_K
from engage.assessment.rules import Asked
from engage.assessment.sets.rules import Offer
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.numbers import whole_number
from engage.web.forms import (
    ConfirmForm,
    Day,
    EngageForm,
    FreeText,
    NameLine,
    Number,
    OneOf,
    SeveralOf,
    VersionedForm,
)

LARGEST_K = 20
REASON_LONGEST = 1000


def _title() -> NameLine:
    return NameLine(
        _l("Title"),
        required=_l("Give the round a title."),
        description=_l("The title people will see, such as: Community assessment 2026."),
    )


def _closes_on() -> Day:
    return Day(
        _l("Last day to answer"),
        required=_l("Choose the last day to answer."),
        description=_l("Two or three weeks are enough. The round accepts answers until you close it."),
    )


WHO_ANSWERS: dict[str, Any] = {
    Asked.EVERYONE: _l("Everyone in the coalition, except viewers"),
    Asked.INVITED: _l("Only the people you invite"),
    Asked.ANYONE: _l("Anyone with the link"),
}
FOR_MEMBERS = (Asked.EVERYONE, Asked.INVITED)


def _asked() -> OneOf:
    return OneOf(
        _l("Who may answer"),
        WHO_ANSWERS,
        required=_l("Say who may answer."),
        default=Asked.EVERYONE.value,
        descriptions={
            Asked.INVITED: _l("By name, or by what people do: each statement says who is likely to know."),
            Asked.ANYONE: _l(
                "Neighbors, parents, partners: no account, no name. You get a link, a QR code, and a poster. "
                "Results need ten answers. The short set is made for this."
            ),
        },
    )


class _DatedForm(EngageForm):
    """A form with a last day.

    `today` is the day in the coalition's time zone; `kept` is the saved day, maybe a past one.
    """

    def __init__(self, today: date, *, kept: date | None = None, **settings: object) -> None:
        super().__init__(**settings)
        self.today, self.kept = today, kept

    def validate_closes_on(self, field: Field) -> None:
        if field.data is not None and field.data < self.today and field.data != self.kept:
            raise ValidationError(_("Choose today or a later day."))


class RoundForm(_DatedForm):
    """The form that opens a round."""

    title = _title()
    closes_on = _closes_on()
    asked = _asked()
    k = Number(
        _l("Smallest group shown"),
        least=SMALLEST_K,
        most=LARGEST_K,
        default=SMALLEST_K,
        description=_l(
            "No number in the results is about fewer people than this. With 3, a sector group of "
            "two is counted with the others. Choose a higher number where everyone knows "
            "everyone. Once someone has started answering, it can only become larger."
        ),
    )
    questions = OneOf(_l("Questions"), ())
    no_insiders = BooleanField(
        _l("Leave out statements that only insiders can know"),
        description=_l(
            "Some statements are about how agencies and the coalition work inside. "
            "Leave them out when you mostly ask residents. The short set has none."
        ),
    )

    def __init__(self, today: date, offers: Sequence[Offer], **settings: Any) -> None:
        super().__init__(today, **settings)
        self.offers = offers
        self.questions.choices = [SelectChoice(each.value, each.title) for each in offers]
        self.questions.descriptions = {each.value: each.counts for each in offers}

    def leave_out(self, ways: Collection[Asked]) -> None:
        """Offers only the ways to answer for which no round is open."""
        left = [way for way in Asked if way not in ways]
        self.asked.choices = [SelectChoice(way.value, WHO_ANSWERS[way]) for way in left]
        if len(left) == 1:
            self.asked.data = left[0].value

    @property
    def asked_questions(self) -> QuestionSet:
        """Returns the questions of the chosen set; if none is chosen, those of the first set."""
        return next((each for each in self.offers if each.value == self.questions.data), self.offers[0]).asked


class RoundEditForm(_DatedForm, VersionedForm):
    """The form that changes an open round.

    The smallest group shown can be made larger; the service decides whether it can also become smaller. The
    field is left out once results of the round were released. A round for anyone stays one.
    """

    title = _title()
    closes_on = _closes_on()
    asked = _asked()
    k = Number(
        _l("Smallest group shown"),
        least=SMALLEST_K,
        most=LARGEST_K,
        description=_l("Once someone has started answering, it can only become larger."),
    )

    def __init__(self, today: date, *, has_results: bool, is_for_anyone: bool, **settings: Any) -> None:
        super().__init__(today, **settings)
        if has_results:
            del self.k
        if is_for_anyone:
            del self.asked
        else:
            self.asked.choices = [SelectChoice(way.value, WHO_ANSWERS[way]) for way in FOR_MEMBERS]


class RoundTitleForm(VersionedForm):
    """The form that changes a closed round's title. Nothing else can change then."""

    title = _title()


class CloseRoundForm(ConfirmForm):
    """The form that closes a round. `losing` is the number of people whose answers, by its page, will be deleted."""

    losing = HiddenField()

    def said_all(self, losing: int) -> bool:
        """Returns whether the page announced deleting the answers of at least this many people."""
        return losing <= (whole_number(self.losing.data or "") or 0)


class ReopenForm(_DatedForm):
    """The form that reopens a closed round."""

    reason = FreeText(
        _l("Why are you reopening it?"),
        longest=REASON_LONGEST,
        required=_l("Say why. Coordinators can read it next to the round."),
    )
    closes_on = _closes_on()


class InviteRespondentsForm(EngageForm):
    """The form that invites people by name and by discipline, among those whom the round does not ask yet."""

    disciplines = SeveralOf(_l("By what people do"))
    people = SeveralOf(_l("By name"))

    def offer(self, disciplines: Iterable[DisciplineCount], people: Iterable[RespondentPerson]) -> None:
        self.disciplines.choices = [
            SelectChoice(each.discipline.key, each.discipline.name) for each in disciplines if each.not_asked
        ]
        self.people.choices = [SelectChoice(str(each.id), each.name) for each in people if not each.is_asked]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        if valid and not self.disciplines.data and not self.people.data:
            # The message is on a field that has choices, so that the link in the error summary leads to
            # something.
            name = "disciplines" if self.disciplines.choices else "people"
            self.refuse(name, _("Choose at least one person or kind of work."))
            return False
        return valid

    @property
    def person_ids(self) -> list[int]:
        return [int(key) for key in self.people.data or []]
