"""Rules for states and dates of agreements: possible moves, expiry, review and renewal."""

from datetime import date, timedelta
from enum import StrEnum

from msgspec import Struct

from engage.partners.rules import AgreementState, plus_months

# If an agreement has no day to begin its renewal, the renewal begins this long before its end.
RENEWAL_DAYS = 60
# Home and the filters call an agreement "running out" this long before its end.
RUNNING_OUT_DAYS = 60


# -- states of an agreement


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
    # An ended agreement is revived because it was ended by mistake, or because both sides resume it.
    AgreementState.ENDED: frozenset(
        {AgreementState.DRAFTING, AgreementState.WITH_BOARD, AgreementState.SIGNED}
    ),
}
# An agreement may have these states when it is first recorded.
FIRST = (
    AgreementState.DRAFTING,
    AgreementState.WITH_BOARD,
    AgreementState.SIGNED,
    AgreementState.DECLINED,
)
# A coalition still works on agreements in these states, or relies on them.
CURRENT = frozenset({AgreementState.DRAFTING, AgreementState.WITH_BOARD, AgreementState.SIGNED})


class CurrentState(StrEnum):
    """The state of an agreement as people read it: a signed one is expired after its end."""

    DRAFTING = "drafting"
    WITH_BOARD = "with_board"
    SIGNED = "signed"
    EXPIRED = "expired"
    DECLINED = "declined"
    ENDED = "ended"


def current_state(state: AgreementState, ends_on: date | None, today: date) -> CurrentState:
    """Returns the current state; on its last day an agreement is still valid."""
    if state is AgreementState.SIGNED and ends_on is not None and ends_on < today:
        return CurrentState.EXPIRED
    return CurrentState(state.value)


def asks_why(from_: AgreementState, to: AgreementState) -> bool:
    """Returns whether the move needs a reason: one back from signed, or one that revives an ended one."""
    if from_ is AgreementState.SIGNED:
        return to is not AgreementState.ENDED
    return from_ is AgreementState.ENDED and to is AgreementState.SIGNED


def runs_out(state: AgreementState, ends_on: date | None, today: date, days: int) -> bool:
    """Returns whether a signed agreement ends within so many days, counting today and the last day."""
    if state is not AgreementState.SIGNED or ends_on is None:
        return False
    return today <= ends_on <= today + timedelta(days=days)


def plus_years(day: date, years: int) -> date:
    """Returns the day so many years later: February 29 plus one year is February 28, plus four years February 29."""
    return plus_months(day, 12 * years)


def months_before(end: date, begin: date) -> int | None:
    """Returns how many whole months `begin` is before `end`, by `plus_months`; None if the days do not match."""
    months = (end.year - begin.year) * 12 + end.month - begin.month
    return months if months > 0 and plus_months(end, -months) == begin else None


def years_after(start: date, later: date) -> int | None:
    """Returns how many whole years `later` is after `start`, by `plus_years`; None if the days do not match."""
    years = later.year - start.year
    return years if years > 0 and plus_years(start, years) == later else None


# -- reviewing and renewing


def renewal_begins(notice_on: date | None, ends_on: date | None) -> date | None:
    """Returns the day on which the plan should get an action for the renewal; None if there is no end."""
    if ends_on is None:
        return None
    return notice_on if notice_on is not None else ends_on - timedelta(days=RENEWAL_DAYS)


def is_time_to_renew(notice_on: date | None, ends_on: date | None, today: date) -> bool:
    """Returns whether the renewal should have begun by today; an agreement without an end needs none."""
    begins = renewal_begins(notice_on, ends_on)
    return begins is not None and begins <= today


def renewal_is_due(
    state: AgreementState,
    notice_on: date | None,
    ends_on: date | None,
    made_for: date | None,
    today: date,
) -> bool:
    """Returns whether an action to renew the agreement should be made today.

    Each end date gets one action; `made_for` is the last end date for which one was made.
    """
    is_time = is_time_to_renew(notice_on, ends_on, today)
    return state is AgreementState.SIGNED and is_time and made_for != ends_on


class AgreementOrder(StrEnum):
    """The possible errors in an agreement's dates."""

    SIGNED_LATER = "signed_later"
    ENDS_BEFORE_SIGNING = "ends_before_signing"
    NOTICE_WITHOUT_END = "notice_without_end"
    NOTICE_AFTER_END = "notice_after_end"
    REVIEW_BEFORE_SIGNING = "review_before_signing"


class AgreementDates(Struct, frozen=True):
    signed_on: date | None
    review_on: date | None
    notice_on: date | None
    ends_on: date | None

    def wrong(self, today: date) -> AgreementOrder | None:
        """Returns the first error in the dates; None if there is none."""
        if self.signed_on is not None:
            if self.signed_on > today:
                return AgreementOrder.SIGNED_LATER
            if self.ends_on is not None and self.ends_on < self.signed_on:
                return AgreementOrder.ENDS_BEFORE_SIGNING
            if self.review_on is not None and self.review_on < self.signed_on:
                return AgreementOrder.REVIEW_BEFORE_SIGNING
        if self.notice_on is not None:
            if self.ends_on is None:
                return AgreementOrder.NOTICE_WITHOUT_END
            if self.notice_on > self.ends_on:
                return AgreementOrder.NOTICE_AFTER_END
        return None
