"""Rules for strengths, states of a match and the priority of needs."""

from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from engage.assessment.results.rules.releases import one_decimal


class StrengthKind(StrEnum):
    """The kinds of assets (asset-based community development)."""

    PEOPLE = "people"
    ORGANIZATION = "organization"
    PLACE = "place"
    MONEY = "money"
    KNOWLEDGE = "knowledge"
    RELATIONSHIP = "relationship"


class RatingSource(StrEnum):
    """The sources of a rating of importance and feasibility."""

    HAND = "hand"
    VOTE = "vote"


class MatchState(StrEnum):
    """The states of asking for a strength. Any state may follow any other."""

    TO_ASK = "to_ask"
    ASKED = "asked"
    AGREED = "agreed"
    DECLINED = "declined"


# -- how pressing a need is


class GapSource(StrEnum):
    """The sources of a gap's number."""

    AGREED = "agreed"
    MEDIAN = "median"
    STATED = "stated"


class Gap(Struct, frozen=True):
    """The size of a gap, 0 to 4 with one decimal."""

    value: float
    source: GapSource


HIGHEST_RATING = 4


def gap_of(
    *, stated: int | None = None, agreed: float | None = None, median: float | None = None
) -> Gap | None:
    """Returns 4 minus the agreed value, or else minus the median; a need added by hand has its own gap.

    Returns None if the round shows no value.
    """
    if stated is not None:
        return Gap(float(stated), GapSource.STATED)
    if agreed is not None:
        return Gap(one_decimal(Fraction(HIGHEST_RATING) - Fraction(str(agreed))), GapSource.AGREED)
    if median is not None:
        return Gap(one_decimal(Fraction(HIGHEST_RATING) - Fraction(str(median))), GapSource.MEDIAN)
    return None


def priority(gap: Gap | None, importance: float | None, feasibility: float | None) -> float | None:
    """Returns gap x importance x feasibility, 0 to 100 with one decimal; None until all three are known."""
    if gap is None or importance is None or feasibility is None:
        return None
    exact = Fraction(str(gap.value)) * Fraction(str(importance)) * Fraction(str(feasibility))
    return one_decimal(exact)


def pressing_first(urgency: float | None, gap: Gap | None, number: int) -> tuple[bool, float, float, int]:
    """Returns a sort key for needs: by priority, highest first; needs without one last, the widest gap first."""
    return urgency is None, -(urgency or 0.0), 1.0 if gap is None else -gap.value, number
