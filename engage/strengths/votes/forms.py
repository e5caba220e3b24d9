"""Forms of votes for the facilitator."""

from collections.abc import Iterable, Sequence

from wtforms import BooleanField, Field
from wtforms.fields.choices import SelectChoice

from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.strengths.votes.labels import ACCESS_LABELS, ACCESS_WHY, METHOD_LABELS, METHOD_WHY
from engage.strengths.votes.queries import VotedNeed
from engage.strengths.votes.rules import (
    LEVELS,
    MOST_BALLOTS,
    MOST_DOTS,
    MOST_NEEDS,
    MOST_PEOPLE,
    VoteAccess,
    VoteMethod,
)
from engage.web.forms import EngageForm, NameLine, Number, OneOf, RowSelect, SeveralOf, VersionedForm

SLIPS_AT_ONCE = 200


class VoteForm(VersionedForm):
    """The form of a vote: its question, who votes, and which needs it is about."""

    title = NameLine(
        _l("Title"),
        required=_l("Give the vote a title."),
        description=_l("Everyone sees it on the screen and on their phone."),
    )
    meeting_id = RowSelect(
        _l("Meeting"),
        nothing=_l("Not at a meeting"),
        description=_l("The number of people present then comes from its attendance."),
    )
    method = OneOf(
        _l("How to vote"),
        {each.value: words for each, words in METHOD_LABELS.items()},
        required=_l("Choose how to vote."),
        descriptions={each.value: why for each, why in METHOD_WHY.items()},
        default=VoteMethod.RATING.value,
    )
    dots = Number(_l("Dots for each person"), least=1, most=MOST_DOTS, default=5)
    dots_each = Number(_l("Most dots on one need"), least=1, most=MOST_DOTS, default=3)
    access = OneOf(
        _l("Who can vote by phone"),
        {each.value: words for each, words in ACCESS_LABELS.items()},
        required=_l("Choose who can vote."),
        descriptions={each.value: why for each, why in ACCESS_WHY.items()},
        default=VoteAccess.OPEN.value,
    )
    shows_order = BooleanField(
        _l("Show the order of the needs while the vote is open"),
        description=_l("If you hide it, no one is swayed by others. Numbers are shown only after closing."),
    )
    needs = SeveralOf(_l("Needs to vote on"))
    by_hand = SeveralOf(_l("Count hands instead of phones"))

    def offer(self, needs: Iterable[tuple[int, str]], meetings: Iterable[tuple[int, str]]) -> None:
        """Sets the choices, from queries within the coalition."""
        self.meeting_id.offer(meetings)
        self.needs.choices = [SelectChoice(str(key), title) for key, title in needs]
        self.by_hand.choices = [SelectChoice(choice.value, choice.label) for choice in self.needs.choices]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        chosen = len(self.chosen)
        if not self.needs.errors and not 1 <= chosen <= MOST_NEEDS:
            self.refuse(
                "needs",
                _("Choose at least one need.")
                if chosen == 0
                else _(
                    "Choose at most %(most)s needs: more than that is too many to rate in one sitting.",
                    most=MOST_NEEDS,
                ),
            )
            valid = False
        both = self.dots.data is not None and self.dots_each.data is not None
        if both and self.is_dots and self.dots_each.data > self.dots.data:
            self.refuse("dots_each", _("No one has that many dots. Enter a smaller number."))
            valid = False
        return valid

    @property
    def is_dots(self) -> bool:
        return bool(self.method.data == VoteMethod.DOTS.value)

    @property
    def chosen(self) -> list[tuple[int, bool]]:
        """Returns each chosen need, with whether hands are counted for it; counting hands also chooses the need."""
        hands, needs = set(self.by_hand.data or ()), set(self.needs.data or ())
        return [
            (int(choice.value), choice.value in hands)
            for choice in self.needs.choices
            if choice.value in hands | needs
        ]

    def fields(self) -> dict[str, object]:
        """Returns the vote's columns by name, without its needs."""
        return {
            "title": self.title.data,
            "meeting_id": self.meeting_id.row_id,
            "method": VoteMethod(self.method.data),
            "access": VoteAccess(self.access.data),
            "dots": self.dots.data if self.is_dots else None,
            "dots_each": self.dots_each.data if self.is_dots else None,
            "shows_order": bool(self.shows_order.data),
        }


class PeopleForm(EngageForm):
    """The form of how many people are in the room."""

    people = Number(_l("People here"), least=0, most=MOST_PEOPLE)


class VoteSlipsForm(EngageForm):
    """The form of how many more slips to make."""

    count = Number(
        _l("Number of slips"),
        least=1,
        most=SLIPS_AT_ONCE,
        default=40,
        description=_l("You can make more at any time."),
    )


class _HandsOfNeed(EngageForm):
    """The form of the raised hands that the facilitator counted for one need."""

    def __init__(self, need: VotedNeed, **settings: object) -> None:
        super().__init__(prefix=f"need-{need.id}-", meta={"csrf": False}, **settings)
        self.need = need

    @property
    def hands(self) -> dict[str, object] | None:
        """Returns the counts of hands; None if nothing is filled in."""
        raise NotImplementedError


def _hands(label: str) -> object:
    return Number(label, least=0, most=MOST_BALLOTS, default=0)


class DotsByHand(_HandsOfNeed):
    dots = Number(_l("Dots"), least=0, most=MOST_BALLOTS * MOST_DOTS, default=0)

    @property
    def hands(self) -> dict[str, object] | None:
        return {"dots": self.dots.data}


class RatingByHand(_HandsOfNeed):
    importance_1 = _hands("1")
    importance_2 = _hands("2")
    importance_3 = _hands("3")
    importance_4 = _hands("4")
    importance_5 = _hands("5")
    feasibility_1 = _hands("1")
    feasibility_2 = _hands("2")
    feasibility_3 = _hands("3")
    feasibility_4 = _hands("4")
    feasibility_5 = _hands("5")

    def row(self, name: str) -> list[Field]:
        """Returns the five fields of importance or of feasibility."""
        return [self[f"{name}_{level}"] for level in LEVELS]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        for name, other in (("importance", "feasibility"), ("feasibility", "importance")):
            if valid and not self._total(name) and self._total(other):
                self.refuse(
                    f"{name}_1",
                    _("“%(need)s”: count both importance and feasibility.", need=self.need.title),
                )
                return False
        return valid

    def _total(self, name: str) -> int:
        return sum(field.data for field in self.row(name))

    @property
    def hands(self) -> dict[str, object] | None:
        if not self._total("importance"):
            return None
        return {name: [field.data for field in self.row(name)] for name in ("importance", "feasibility")}


class HandsForm(VersionedForm):
    """The form of raised hands, for all needs of the vote for which hands are counted."""

    def __init__(self, needs: Sequence[VotedNeed], method: VoteMethod, **settings: object) -> None:
        super().__init__(**settings)
        kind: type[DotsByHand | RatingByHand] = DotsByHand if method is VoteMethod.DOTS else RatingByHand
        typed = {"formdata": None} if settings.get("formdata", "") is None else {}
        self.parts = [kind(need, data=_counted(need), **typed) for need in needs if need.by_hand]

    def validate(self, extra_validators: object = None) -> bool:
        valid = super().validate(extra_validators)
        # Every part is validated, even after an error, so that all messages come at once.
        return all([valid, *(part.validate() for part in self.parts)])

    @property
    def hands(self) -> dict[int, dict[str, object] | None]:
        """Returns the counts of hands by the vote's own id of each need."""
        return {part.need.id: part.hands for part in self.parts}


def _counted(need: VotedNeed) -> dict[str, int]:
    """Returns the saved counts, by field."""
    if need.hands is None:
        return {}
    if "dots" in need.hands:
        return {"dots": need.hands["dots"]}
    return {
        f"{name}_{level}": count
        for name in ("importance", "feasibility")
        for level, count in zip(LEVELS, need.hands[name], strict=True)
    }
