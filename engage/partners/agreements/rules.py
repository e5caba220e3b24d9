"""States and dates of agreements: which move may follow, what has expired, when to review and to renew."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from engage.partners.rules import AgreementState, plus_months

# Where an agreement says no day to begin on its renewal, it is this long before its end.
RENEWAL_DAYS = 60
# What home and the filters call running out.
RUNNING_OUT_DAYS = 60


# -- where it stands


MOVES: dict[AgreementState, frozenset[AgreementState]] = {
    AgreementState.DRAFTING: frozenset(
        {AgreementState.WITH_BOARD, AgreementState.SIGNED, AgreementState.DECLINED, AgreementState.ENDED}
    ),
    AgreementState.WITH_BOARD: frozenset(
        {AgreementState.DRAFTING, AgreementState.SIGNED, AgreementState.DECLINED, AgreementState.ENDED}
    ),
    AgreementState.SIGNED: frozenset(
        {AgreementState.ENDED, AgreementState.DRAFTING, AgreementState.WITH_BOARD}
    ),
    AgreementState.DECLINED: frozenset({AgreementState.DRAFTING, AgreementState.WITH_BOARD}),
    # Signed again: it was ended by mistake, or both take it up once more.
    AgreementState.ENDED: frozenset(
        {AgreementState.DRAFTING, AgreementState.WITH_BOARD, AgreementState.SIGNED}
    ),
}
# What an agreement may be when it is first written down.
FIRST = (
    AgreementState.DRAFTING,
    AgreementState.WITH_BOARD,
    AgreementState.SIGNED,
    AgreementState.DECLINED,
)
# What a coalition still works on or lives by.
CURRENT = frozenset({AgreementState.DRAFTING, AgreementState.WITH_BOARD, AgreementState.SIGNED})


class Standing(StrEnum):
    """An agreement's state as people read it: a signed one whose end has passed has expired."""

    DRAFTING = "drafting"
    WITH_BOARD = "with_board"
    SIGNED = "signed"
    EXPIRED = "expired"
    DECLINED = "declined"
    ENDED = "ended"


def standing(state: AgreementState, ends_on: date | None, today: date) -> Standing:
    """On its last day an agreement still holds."""
    if state is AgreementState.SIGNED and ends_on is not None and ends_on < today:
        return Standing.EXPIRED
    return Standing(state.value)


def asks_why(from_: AgreementState, to: AgreementState) -> bool:
    """Whether a move needs its reason: what was signed goes back, or what was over comes back to life."""
    if from_ is AgreementState.SIGNED:
        return to is not AgreementState.ENDED
    return from_ is AgreementState.ENDED and to is AgreementState.SIGNED


def runs_out(state: AgreementState, ends_on: date | None, today: date, days: int) -> bool:
    """Whether a signed agreement ends within so many days, today and the last of them included."""
    if state is not AgreementState.SIGNED or ends_on is None:
        return False
    return today <= ends_on <= today + timedelta(days=days)


def plus_years(day: date, years: int) -> date:
    """29 February and one year is 28 February; and four years, 29 February."""
    return plus_months(day, 12 * years)


def months_before(end: date, begin: date) -> int | None:
    """How many whole months `begin` lies before `end`, by `plus_months`; None where it is no such day."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    return months if months > 0 and plus_months(end, -months) == begin else None


def years_after(start: date, later: date) -> int | None:
    """How many whole years `later` lies after `start`, by `plus_years`; None where it is no such day."""
    years = later.year - start.year
    return years if years > 0 and plus_years(start, years) == later else None


# -- reviewing and renewing


def renewal_begins(notice_on: date | None, ends_on: date | None) -> date | None:
    """The day from which an action to renew it stands in the plan; None where the agreement has no end."""
    if ends_on is None:
        return None
    return notice_on if notice_on is not None else ends_on - timedelta(days=RENEWAL_DAYS)


def renewal_is_due(
    state: AgreementState,
    notice_on: date | None,
    ends_on: date | None,
    made_for: date | None,
    today: date,
) -> bool:
    """Whether an action to renew it is to be made today: once for each end (`made_for`: the last it was made for)."""
    begins = renewal_begins(notice_on, ends_on)
    return state is AgreementState.SIGNED and begins is not None and begins <= today and made_for != ends_on


class Order(StrEnum):
    """What is wrong about an agreement's dates."""

    SIGNED_LATER = "signed_later"
    ENDS_BEFORE_SIGNING = "ends_before_signing"
    NOTICE_WITHOUT_END = "notice_without_end"
    NOTICE_AFTER_END = "notice_after_end"
    REVIEW_BEFORE_SIGNING = "review_before_signing"


@dataclass(frozen=True, slots=True)
class Dates:
    signed_on: date | None
    review_on: date | None
    notice_on: date | None
    ends_on: date | None

    def wrong(self, today: date) -> Order | None:
        """The first thing that is wrong about them; None where they can be."""
        if self.signed_on is not None:
            if self.signed_on > today:
                return Order.SIGNED_LATER
            if self.ends_on is not None and self.ends_on < self.signed_on:
                return Order.ENDS_BEFORE_SIGNING
            if self.review_on is not None and self.review_on < self.signed_on:
                return Order.REVIEW_BEFORE_SIGNING
        if self.notice_on is not None:
            if self.ends_on is None:
                return Order.NOTICE_WITHOUT_END
            if self.notice_on > self.ends_on:
                return Order.NOTICE_AFTER_END
        return None
