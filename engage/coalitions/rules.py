"""Rules of coalitions: roles, the ways to organize a coalition, and when an invitation can be used."""

from datetime import date, datetime, timedelta
from enum import StrEnum

# For how many months an organization counts as active, and the least and the most that can be set.
ACTIVE_MONTHS, ACTIVE_MONTHS_LEAST, ACTIVE_MONTHS_MOST = 6, 1, 24

# The month in which most states' fiscal year begins; the federal one begins in October.
FISCAL_MONTH = 7

# For how many months a former member's phone number and address are kept, and the choices in the settings;
# None means forever.
CONTACT_MONTHS = 12
CONTACT_MONTHS_OFFERED = (1, 3, 6, 12, 24)


def months_before(day: date, months: int) -> date:
    """Returns the same day this many months earlier, or the last day of that month if it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


class Role(StrEnum):
    """The roles of a person in one coalition. A role never belongs to the account."""

    COORDINATOR = "coordinator"
    MEMBER = "member"
    VIEWER = "viewer"


class Stage(StrEnum):
    NEW = "new"
    EXISTING = "existing"


class Structure(StrEnum):
    COALITION = "coalition"
    TASK_FORCE = "task_force"
    BOTH = "both"


class Leadership(StrEnum):
    CITY_OR_COUNTY = "city_or_county"
    ONE_ORGANIZATION = "one_organization"
    JOINT = "joint"
    CONCERNED_INDIVIDUALS = "concerned_individuals"


class MembershipStyle(StrEnum):
    FORMAL = "formal"
    INFORMAL = "informal"


class ComesUp(StrEnum):
    """The entries that the menu has once they hold something, and the mark that the first evening is past."""

    CALENDAR = "calendar"
    STRENGTHS = "strengths"
    DOCUMENTS = "documents"
    REPORTS = "reports"
    EVENING_IS_PAST = "evening_is_past"


class GroupKind(StrEnum):
    CORE_TEAM = "core_team"
    WORKGROUP = "workgroup"


class PersonState(StrEnum):
    """The states of a person, derived from the dates of a membership."""

    WAITING = "waiting"
    ACTIVE = "active"
    DISABLED = "disabled"
    LEFT = "left"


class InvitationKind(StrEnum):
    """The kinds of invitations: bound to one address, or open to anyone and approved afterwards."""

    BOUND = "bound"
    OPEN = "open"


class InvitationState(StrEnum):
    """The states of an invitation, derived from its columns. Someone who follows an unusable link is shown which."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class InvitationProgress(StrEnum):
    """How far the person has come for whom a bound link was made."""

    NOT_SENT = "not_sent"
    # An e-mail with the link waits to be sent by this installation.
    SENDING = "sending"
    SENT = "sent"
    STARTED = "started"
    JOINED = "joined"


INVITATION_DAYS = (7, 30, 90)
INVITATION_MOST_USES = 200
# A mail that this installation could not send for this long is out of date, and no longer counts as being sent.
QUEUED_LONGEST = timedelta(days=2)


def person_state(
    approved_at: datetime | None, disabled_at: datetime | None, left_on: date | None
) -> PersonState:
    """Returns the person's state; "left" takes precedence over "disabled", and that over "waiting"."""
    if left_on is not None:
        return PersonState.LEFT
    if disabled_at is not None:
        return PersonState.DISABLED
    return PersonState.WAITING if approved_at is None else PersonState.ACTIVE


def invitation_state(
    uses_left: int, expires_at: datetime, revoked_at: datetime | None, now: datetime
) -> InvitationState:
    """Returns the invitation's state; "revoked" takes precedence over "used", and that over "expired"."""
    if revoked_at is not None:
        return InvitationState.REVOKED
    if uses_left < 1:
        return InvitationState.USED
    return InvitationState.EXPIRED if expires_at <= now else InvitationState.USABLE


def sees_email(
    reader: Role, *, has_account: bool, shows_email: bool, has_understood: bool, state: PersonState
) -> bool:
    """Returns whether someone with this role sees a person's e-mail address.

    Other members see it if the person shows it. Coordinators also see it once the person knows that they do,
    or if the person has no account, because then a coordinator entered it. No one sees the address of a
    person who left.
    """
    if state is PersonState.LEFT:
        return False
    return shows_email or (reader is Role.COORDINATOR and (has_understood or not has_account))


def invitation_progress(
    *, is_used: bool, has_started: bool, was_sent: bool, is_queued: bool = False
) -> InvitationProgress:
    """Returns the furthest known step, because someone may join with a link that no one recorded as sent."""
    if is_used:
        return InvitationProgress.JOINED
    if has_started:
        return InvitationProgress.STARTED
    if was_sent:
        return InvitationProgress.SENT
    return InvitationProgress.SENDING if is_queued else InvitationProgress.NOT_SENT


def expiry(now: datetime, days: int) -> datetime:
    """Returns when an invitation that is made now expires."""
    return now + timedelta(days=days)


def first_name(name: str) -> str:
    """Returns the name to greet a person by: the first word, or all of it after a title.

    Examples of names with a title are "Lt. Okafor" and "Dr. Ana Ruiz".
    """
    first, _space, rest = name.partition(" ")
    return name if first.endswith(".") and rest else first
