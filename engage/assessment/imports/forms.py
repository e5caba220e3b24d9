"""Forms of bringing in answers: the file and its questions, then what numbers mean, and what the survey was."""

from wtforms import BooleanField, Field
from wtforms.fields.choices import SelectChoice

from engage.assessment.imports import makers, scales
from engage.assessment.imports.scales import Direction
from engage.assessment.imports.target import NOTE, TIME, TURNED, AnswersTarget, StatementField, remembered
from engage.errors import Kept
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.imports.columns import normal
from engage.imports.forms import ColumnsForm, UploadForm, column_name
from engage.imports.guess import Guess
from engage.imports.target import Meant, Target, cleaned
from engage.limits import MOST_FILE_BYTES
from engage.numbers import whole_number
from engage.web.forms import Day, NameLine, OneOf, SeveralOf

# The value of the choice to make a round of its own; other values are the id of an open round.
OWN_ROUND = "own"
TITLE_LONGEST = 90
DIRECTION_LABELS = {
    Direction.ONE_TO_FIVE: _l("1 to 5, and 5 is best"),
    Direction.FIVE_TO_ONE: _l("1 to 5, and 1 is best"),
    Direction.ZERO_TO_FOUR: _l("0 to 4, and 4 is best"),
    Direction.FOUR_TO_ZERO: _l("0 to 4, and 0 is best"),
}
_SCALE_OF = "scale_"


class AnswersUploadForm(UploadForm):
    """The form of the file. Rows cannot be pasted, because a page would then hold what may not be read."""

    questions = OneOf(
        _l("Which statements were asked?"),
        (),
        description=_l("They need not all be in the file, nor in this order."),
    )
    texts = BooleanField(
        _l("Offer comments, too"),
        description=_l("Otherwise Engage leaves out every column of texts that people wrote."),
    )

    def __init__(self, target: Target, **settings: object) -> None:
        super().__init__(target, **settings)
        del self.table
        assert isinstance(target, AnswersTarget)
        self.file.description = _(
            "The CSV file or workbook (.xlsx) of a Google Form, SurveyMonkey or Microsoft Forms, of at most %(most)s "
            "MB and 5,000 rows. Names, addresses and devices are never read.",
            most=MOST_FILE_BYTES // 1_000_000,
        )
        self.questions.choices = [SelectChoice(each.value, each.title) for each in target.offers]
        self.questions.data = self.questions.data or target.offer.value

    @property
    def more(self) -> list[Field]:
        return [self.questions, self.texts]

    @staticmethod
    def missing() -> str:
        return _("Choose a file.")


class AnswersColumnsForm(ColumnsForm):
    """The form of the columns, of what their numbers mean, and of what the survey was."""

    was_told = BooleanField(_l("People knew that the results would be shared with this coalition"))
    texts_told = BooleanField(_l("They also knew that their comments would be shared"))

    @classmethod
    def questions_on(cls, read: Guess) -> dict[str, object]:
        target = _target(read)
        times = [cleaned(row.cell(at)) for at in read.places.get(TIME, ()) for row in read.table]
        day = makers.last_day(filter(None, times), target.today)
        fields: dict[str, object] = {
            "title": NameLine(
                _("Title of the round"),
                longest=TITLE_LONGEST,
                default=_("Community survey %(year)s", year=day.year),
                description=_("“From a file” is added, so that everyone sees where these numbers come from."),
            ),
            "ended_on": Day(_("Last day of the survey"), default=day),
            "into": OneOf(_("Where do the answers go?"), _destinations(target), default=OWN_ROUND),
        }
        for kind, keys in _scales(read).items():
            offered = scales.directions({each for key in keys for each in _numbers(read, key)})
            fields[f"{_SCALE_OF}{kind}"] = _direction_field(read, keys, offered)
        if rated := [key for key in read.places if _is_rated(read, key)]:
            fields["turned"] = SeveralOf(
                _("In which of these is a high answer the worse one?"),
                [(key, _label(read, key)) for key in rated],
            )
        return fields

    @property
    def _directions(self) -> list[tuple[list[str], Field]]:
        return [(keys, self[f"{_SCALE_OF}{kind}"]) for kind, keys in _scales(self.read).items()]

    @property
    def more(self) -> list[Field]:
        has_choice = _target(self.read).open_round is not None or self["into"].errors
        survey = [self["into"]] if has_choice else []
        texts = [self.texts_told] if _target(self.read).with_texts else []
        directions = [each for _keys, each in self._directions]
        return [*directions, *survey, self["title"], self["ended_on"], self.was_told, *texts]

    @property
    def rare(self) -> list[Field]:
        return [self["turned"]] if "turned" in self else []

    @property
    def meant(self) -> Meant:
        found = {key: dict(words) for key, words in super().meant.items()}
        for keys, field in self._directions:
            if field.data in set(Direction):
                found |= {key: {**found.get(key, {}), **Direction(field.data).ratings} for key in keys}
        found[TURNED] = dict.fromkeys((key for each in self.rare for key in each.data or ()), "1")
        return found

    @property
    def round_id(self) -> int | None:
        """Returns the open round to which the answers go; None for a round of their own."""
        return whole_number(self["into"].data or "")

    @property
    def kept(self) -> list[Kept]:
        title = self["title"]
        return [*super().kept, *([Kept(title.accept_name, title.accept_value)] if title.accepted else [])]

    @property
    def meanings(self) -> tuple[dict[str, str], dict[str, str]]:
        """Returns what columns and words mean here, by the hashes under which the next file finds them."""
        headings = {each.index: each.heading for each in self.read.columns if each.heading}
        chosen = ((headings[at], key) for at, key in self.read.chosen.items() if at in headings)
        words = ((each.word, self.word_field(each).data) for each in self.asked)
        return (
            {remembered(normal(heading)): key for heading, key in chosen},
            {remembered(word): said for word, said in words if said},
        )

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        return all([self._statements_are_right(), self._numbers_are_known(), self._survey_is_right(), valid])

    def _statements_are_right(self) -> bool:
        target, valid = _target(self.read), True
        chosen = [key for key in self.read.places if key in target.statements]
        if not chosen:
            self.refuse_first_column(_("Say which column is which statement. At least one is needed."))
            valid = False
        if self.round_id is None or target.open_round is None:
            return valid
        for key in chosen:
            if (key, target.statements[key].question.meaning) not in target.open_round.asks:
                words = _(
                    "“%(title)s” does not ask this. Leave the column out.", title=target.open_round.title
                )
                self.refuse(column_name(self.read.places[key][0]), words)
                valid = False
        return valid

    def _numbers_are_known(self) -> bool:
        valid = True
        asked = {key for keys, _field in self._directions for key in keys}
        for key in self.read.places:
            if _numbers(self.read, key) and key not in asked:
                words = _(
                    "The numbers in this column are not on a scale of 0 to 4 or 1 to 5. Leave the column "
                    "out, or replace the numbers with words in the file."
                )
                self.refuse(column_name(self.read.places[key][0]), words)
                valid = False
        return valid

    def _survey_is_right(self) -> bool:
        today, day, valid = _target(self.read).today, self["ended_on"].data, True
        if self["into"].errors:
            self["into"].errors = []
            self.refuse("into", _("That round was closed in the meantime. Nothing was saved; choose again."))
            valid = False
        if self.round_id is None and not self["title"].data:
            self.refuse("title", _("Give the round a title."))
            valid = False
        if self.round_id is None and (day is None or day > today) and not self["ended_on"].errors:
            self.refuse("ended_on", _("Enter the last day of the survey: today or earlier."))
            valid = False
        if not self.was_told.data:
            self.refuse(
                "was_told", _("Only bring in answers from people who knew that results would be shared.")
            )
            valid = False
        if NOTE in self.read.chosen.values() and not self.texts_told.data:
            words = _("Check this box, or leave out the columns of comments.")
            self.refuse("texts_told", words)
            valid = False
        return valid


def _target(read: Guess) -> AnswersTarget:
    assert isinstance(read.target, AnswersTarget)
    return read.target


def _destinations(target: AnswersTarget) -> list[tuple[str, str]]:
    here = target.open_round
    added = (
        [(str(here.id), _("Into “%(title)s”, which is open", title=here.title))] if here is not None else []
    )
    return [(OWN_ROUND, _("Into a closed round of their own")), *added]


def _is_rated(read: Guess, key: str) -> bool:
    found = _target(read).statements.get(key)
    return isinstance(found, StatementField) and found.question.is_rated


def _numbers(read: Guess, key: str) -> set[int]:
    """Returns the numbers that a column holds as answers."""
    if not _is_rated(read, key):
        return set()
    cells = {row.cell(at) for at in read.places[key] for row in read.table}
    return {number for cell in cells if (number := scales.number_in(cleaned(cell))) is not None}


def _scales(read: Guess) -> dict[str, list[str]]:
    """Returns the statements with numbers that are one scale; a column that is no scale is none of them."""
    found = {
        key: numbers for key in read.places if (numbers := _numbers(read, key)) and scales.directions(numbers)
    }
    return scales.scales(found)


def _direction_field(read: Guess, keys: list[str], offered: list[Direction]) -> OneOf:
    return OneOf(
        _("What do the numbers mean?"),
        [(each.value, str(DIRECTION_LABELS[each])) for each in offered],
        required=_("Say what the numbers mean, and which end is best."),
        description="; ".join(_label(read, key) for key in keys),
    )


def _label(read: Guess, key: str) -> str:
    at = read.places[key][0]
    column = next(each for each in read.columns if each.index == at)
    return _("%(letter)s: %(heading)s", letter=column.letter, heading=_target(read).field(key).label)
