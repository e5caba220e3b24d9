"""Builds one need's page: where it comes from, how pressing it is, and what was done about it."""

from msgspec import Struct

from engage.assessment.results.labels import RESULT_LABELS, number_words
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.strengths.labels import formula, gap_source, rating_source, rating_words
from engage.strengths.models import Need
from engage.strengths.needs import service as needs_service
from engage.strengths.needs.gaps import ShownRound
from engage.strengths.needs.queries import NeedLine, needs_of
from engage.strengths.rules import RatingSource


class NeedSheet(Struct, frozen=True):
    """A need's page.

    `statement` is the indicator's text as its round asked it. `shown` is that round's result, `since` a later
    round's. `missing` says why there is no gap.
    """

    line: NeedLine
    statement: str
    shown: str
    since: str
    gap: str
    missing: str
    formula: str
    rating: str
    rated: str
    by_vote: bool
    next_unrated: int | None
    may_delete: bool

    @property
    def is_open(self) -> bool:
        return self.line.closed_on is None


def need_sheet(membership: Membership, need: Need) -> NeedSheet:
    """Returns everything about the need except its texts."""
    needs = needs_of(membership)
    line = next(each for each in needs.lines if each.id == need.id)
    own = needs.rounds.of(need.round_id)
    question = own.question(need.indicator) if own is not None else None
    later = needs.rounds.since(need.round_id, need.indicator)
    return NeedSheet(
        line=line,
        statement=question.statement if question is not None else "",
        shown=_shown(own, need.indicator) if own is not None else "",
        since=_shown(later, need.indicator) if later is not None else "",
        gap=gap_source(line.gap) if line.gap is not None else "",
        missing="" if line.gap is not None else _missing(own),
        formula=_formula(line),
        rating=rating_words(need.importance, need.feasibility),
        rated=rating_source(line.rating_source, line.rated_on)
        if line.rating_source is not None and line.rated_on is not None
        else "",
        by_vote=need.rating_source is RatingSource.VOTE,
        next_unrated=next(
            (each.number for each in needs.open if (not each.is_rated and each.id != line.id)), None
        ),
        may_delete=needs_service.may_delete_need(membership, need),
    )


def _formula(line: NeedLine) -> str:
    if line.gap is None or line.importance is None or line.feasibility is None or line.priority is None:
        return ""
    return formula(line.gap, line.importance, line.feasibility, line.priority)


def _missing(own: ShownRound | None) -> str:
    if own is None:
        return _("The round it came from is open again. Its gap comes back when the round closes.")
    return _(
        "Too few people rated this for a number to be shown. Agree on a value in the assessment to "
        "give this need a gap."
    )


def _shown(shown: ShownRound, indicator: str) -> str:
    """Says in a few words what a round shows for the indicator."""
    line = shown.line(indicator)
    if line is None or line.value is None or line.word is None:
        return _("%(round)s shows no number for this need.", round=shown.title)
    values = {"round": shown.title, "value": number_words(line.value), "word": RESULT_LABELS[line.word]}
    if line.agreed is not None:
        return _("%(round)s: we agreed on %(value)s of 4, %(word)s.", **values)
    return _("%(round)s: the median rating is %(value)s of 4, %(word)s.", **values)
