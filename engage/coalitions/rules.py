"""Rules of coalitions: roles, the shape a coalition may have, and when an invitation can be used."""

from datetime import date, datetime, timedelta
from enum import StrEnum

# An organization counts as active for this many months; then the least and the most that the settings take.
ACTIVE_MONTHS, ACTIVE_MONTHS_LEAST, ACTIVE_MONTHS_MOST = 6, 1, 24

# The month in which most states' fiscal year begins; the federal one begins in October.
FISCAL_MONTH = 7

# The settings offer these numbers of months to keep a former member's phone number and address; None means forever.
CONTACT_MONTHS = 12
CONTACT_MONTHS_OFFERED = (1, 3, 6, 12, 24)


def months_before(day: date, months: int) -> date:
    """Returns the same day so many months earlier, or the last one of that month."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    last = (date(year, (month + 1) % 12 + 1, 1) - timedelta(days=1)).day
    return date(year, month + 1, min(day.day, last))


class Role(StrEnum):
    """The roles of a person in one coalition; never a property of the account."""

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


class GroupKind(StrEnum):
    CORE_TEAM = "core_team"
    WORKGROUP = "workgroup"


class PersonState(StrEnum):
    """The states of a person, derived from a membership's dates."""

    WAITING = "waiting"
    ACTIVE = "active"
    DISABLED = "disabled"
    LEFT = "left"


class InvitationKind(StrEnum):
    """The kinds of invitations: for someone I know (bound to one address), or open to anyone and then approved."""

    BOUND = "bound"
    OPEN = "open"


class InvitationState(StrEnum):
    """The states of an invitation, derived from its facts; a person who follows a dead link is told which."""

    USABLE = "usable"
    USED = "used"
    EXPIRED = "expired"
    REVOKED = "revoked"


class InvitationProgress(StrEnum):
    """How far the person got whom a bound link is for."""

    NOT_SENT = "not_sent"
    SENT = "sent"
    STARTED = "started"
    JOINED = "joined"


INVITATION_DAYS = (7, 30, 90)
INVITATION_MOST_USES = 200


def person_state(
    approved_at: datetime | None, disabled_at: datetime | None, left_on: date | None
) -> PersonState:
    """Returns the state by the strongest fact: left before disabled before waiting."""
    if left_on is not None:
        return PersonState.LEFT
    if disabled_at is not None:
        return PersonState.DISABLED
    return PersonState.WAITING if approved_at is None else PersonState.ACTIVE


def invitation_state(
    uses_left: int, expires_at: datetime, revoked_at: datetime | None, now: datetime
) -> InvitationState:
    """Returns the state: revoked before used before expired."""
    if revoked_at is not None:
        return InvitationState.REVOKED
    if uses_left < 1:
        return InvitationState.USED
    return InvitationState.EXPIRED if expires_at <= now else InvitationState.USABLE


def sees_email(
    reader: Role, *, has_account: bool, shows_email: bool, has_understood: bool, state: PersonState
) -> bool:
    """Returns whether someone of this role sees a person's e-mail address.

    Other members see it where the person shows it. Coordinators see it, too, once its owner knows that they do; the
    address of a person without an account was written by a coordinator. No one sees that of a person who left.
    """
    if state is PersonState.LEFT:
        return False
    return shows_email or (reader is Role.COORDINATOR and (has_understood or not has_account))


def invitation_progress(*, is_used: bool, has_started: bool, was_sent: bool) -> InvitationProgress:
    """Returns the furthest that is known: someone may join with a link that no one noted as sent."""
    if is_used:
        return InvitationProgress.JOINED
    if has_started:
        return InvitationProgress.STARTED
    return InvitationProgress.SENT if was_sent else InvitationProgress.NOT_SENT


def expiry(now: datetime, days: int) -> datetime:
    """Returns when an invitation made now ends."""
    return now + timedelta(days=days)


def first_name(name: str) -> str:
    """Returns the name to greet a person by: the first word, or with a title ("Lt.

    Okafor", "Dr. Ana Ruiz") all of it.
    """
    first, _space, rest = name.partition(" ")
    return name if first.endswith(".") and rest else first
