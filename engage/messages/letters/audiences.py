"""Defines the audiences of letters. Each kind has an entry, named as in the query string, `?to=group:3`.

Other pages link here with `to` and, for people chosen one by one, `people=1&people=2`. To add a kind, add an
entry to `KINDS`: `title` names the people, or is None if the coalition has no such audience; `people` returns
ids of memberships, `outside` invitations of people who are not members yet, and `signups` people who signed
up for an event.
"""

from collections.abc import Callable, Collection, Sequence
from datetime import timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage import clock
from engage.assessment import queries as assessment
from engage.assessment.models import Round
from engage.assessment.respondents import queries as respondents_queries
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import GroupMember, Invitation, Membership
from engage.coalitions.queries import active, group_of, group_rows
from engage.coalitions.rules import Role
from engage.database import along
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import labels as meetings_labels
from engage.meetings import queries as meetings_queries
from engage.meetings.attendance import service as attendance_service
from engage.meetings.models import Meeting
from engage.messages.letters.models import Letter, LetterTo
from engage.messages.letters.rules import LetterState, Way, read_key
from engage.plan.actions.queries import waiting
from engage.plan.activities import queries as activities_queries
from engage.plan.signups import queries as signups_queries
from engage.plan.signups.models import Signup
from engage.plan.signups.rules import SignupState

MEETINGS_MOST = 10
# Minutes can be sent until this long after the meeting.
PAST_OFFERED = timedelta(days=21)


class AudienceKind(Struct, frozen=True):
    """A kind of audience; `people` None means all current members."""

    title: Callable[[Membership, int], str | None]
    people: Callable[[Membership, int], Collection[int] | None]
    outside: Callable[[Membership, int], list[Invitation]] | None = None
    signups: Callable[[Membership, int], list[Signup]] | None = None


class LetterAudience(Struct, frozen=True):
    """The people that one letter goes to."""

    key: str
    title: str
    people: Collection[int] | None
    outside: list[Invitation]
    signups: Sequence[Signup] = ()


def audience(membership: Membership, key: str, chosen: Collection[int] = ()) -> LetterAudience | None:
    """Returns the audience of a key such as "meeting:4"; None if it does not exist."""
    name, number = read_key(key)
    if name == "chosen":
        return LetterAudience(key, _("The people I choose"), set(chosen), [])
    title = _title(membership, name, number)
    if title is None:
        return None
    kind = KINDS[name]
    outside = kind.outside(membership, number) if kind.outside else []
    signups = kind.signups(membership, number) if kind.signups else []
    return LetterAudience(key, title, kind.people(membership, number), outside, signups)


def title_of(membership: Membership, key: str) -> str:
    """Returns the audience's name for a letter that was sent; blank if the audience no longer exists."""
    name, number = read_key(key)
    if name == "chosen":
        return _("People chosen one by one")
    return _title(membership, name, number) or _("People in your coalition")


def _title(membership: Membership, name: str, number: int) -> str | None:
    kind = KINDS.get(name)
    return kind.title(membership, number) if kind is not None else None


def offered(membership: Membership, key: str) -> list[tuple[str, str]]:
    """Returns the audiences to choose from, as (key, title), including the one in the query string."""
    found = {"everybody": _("Everyone")}
    for row in group_rows(membership):
        found[f"group:{row.id}"] = _("Group: %(name)s", name=row.name)
    for meeting in _meetings(membership):
        found[f"meeting:{meeting.id}"] = _invited(meeting)
    if (round_ := assessment.open_round(membership)) is not None:
        found[f"round:{round_.id}"] = _not_answered(round_)
    found["late"] = _owners_title(membership, 0)
    if _invitations(membership, 0):
        found["invitations"] = _invitations_title(membership, 0)
    if key not in found and (title := _title(membership, *read_key(key))) is not None:
        found[key] = title
    return [*found.items(), ("chosen", _("People I choose below"))]


# -- everyone, groups


def _everybody_title(_membership: Membership, _number: int) -> str:
    return _("Everyone")


def _group_title(membership: Membership, number: int) -> str | None:
    group = group_of(membership, number)
    return _("Group: %(name)s", name=group.name) if group is not None else None


def _in_group(membership: Membership, number: int) -> Collection[int]:
    rows = sa.select(GroupMember.membership_id).where(
        GroupMember.coalition_id == membership.coalition_id, GroupMember.group_id == number
    )
    return set(db.session.scalars(rows))


# -- meetings


def _meetings(membership: Membership) -> list[Meeting]:
    rows = (
        sa.select(Meeting)
        .where(
            Meeting.coalition_id == membership.coalition_id, Meeting.starts_at > clock.now() - PAST_OFFERED
        )
        .order_by(Meeting.starts_at, Meeting.id)
        .limit(MEETINGS_MOST)
    )
    return list(db.session.scalars(rows))


def _invited(meeting: Meeting) -> str:
    title = meetings_labels.titled(meeting.title, meeting.starts_at)
    return _("People invited to %(meeting)s", meeting=title)


def _meeting_title(membership: Membership, number: int) -> str | None:
    meeting = meetings_queries.meeting_of(membership, number)
    return _invited(meeting) if meeting is not None else None


def _invited_to(membership: Membership, number: int) -> Collection[int]:
    """Returns the meeting's group members or, for a meeting without a group, everyone except viewers."""
    meeting = meetings_queries.meeting_of(membership, number)
    assert meeting is not None
    if (group := attendance_service.invited(meeting)) is not None:
        return group
    rows = sa.select(Membership.id).where(
        Membership.coalition_id == membership.coalition_id, Membership.role != Role.VIEWER, *active()
    )
    return set(db.session.scalars(rows))


# -- rounds


def _not_answered(round_: Round) -> str:
    return _("People who have not answered “%(round)s”", round=round_.title)


def _round_title(membership: Membership, number: int) -> str | None:
    round_ = assessment.round_of(membership, number)
    asks = round_ is not None and round_.is_open and not round_.is_for_anyone
    return _not_answered(round_) if round_ is not None and asks else None


def _who_waits(membership: Membership, number: int) -> Collection[int]:
    round_ = assessment.round_of(membership, number)
    assert round_ is not None
    return {each.id for each in respondents_queries.respondents(round_) if each.waits}


def _slips_title(membership: Membership, number: int) -> str | None:
    round_ = assessment.round_of(membership, number)
    if round_ is None or not round_.is_open:
        return None
    return _("People who got a code for “%(round)s” by e-mail", round=round_.title)


def _who_got_slips(membership: Membership, number: int) -> Collection[int]:
    """Returns everyone who got a code for this round. It is not known who has used theirs."""
    rows = (
        sa.select(LetterTo.membership_id)
        .join(Letter, along(LetterTo.letter_id, Letter))
        .where(
            Letter.coalition_id == membership.coalition_id,
            Letter.about == f"slips:{number}",
            LetterTo.way == Way.MAIL,
            LetterTo.membership_id.is_not(None),
            LetterTo.state.in_([LetterState.SENT, LetterState.UNKNOWN]),
        )
    )
    return {key for key in db.session.scalars(rows) if key is not None}


# -- late actions


def _owners_title(_membership: Membership, _number: int) -> str:
    return _("Owners of late actions")


def _late_owners(membership: Membership, _number: int) -> Collection[int]:
    today = clock.today(membership.coalition.time_zone)
    found = waiting.everybodys_waiting(membership, today)
    return {key for key, actions in found.items() if any(each.is_late for each in actions)}


# -- invitations


def _invitations_title(_membership: Membership, _number: int) -> str:
    return _("People with an open invitation")


def _invitations(membership: Membership, _number: int) -> list[Invitation]:
    rows = (
        sa.select(Invitation)
        .where(
            Invitation.coalition_id == membership.coalition_id,
            Invitation.email != "",
            *invitations_service.usable(),
        )
        .order_by(Invitation.id)
    )
    return list(db.session.scalars(rows))


def _to_send_title(_membership: Membership, _number: int) -> str:
    return _("People whose invitation was not sent yet")


def _to_send(membership: Membership, _number: int) -> list[Invitation]:
    return invitations_service.unsent_of(membership)


def _to_remind_title(_membership: Membership, _number: int) -> str:
    return _("People who got an invitation and have not come")


def _to_remind(membership: Membership, _number: int) -> list[Invitation]:
    return [each for each in _invitations(membership, 0) if each.sent_at or each.started_at]


def _nobody(_membership: Membership, _number: int) -> Collection[int]:
    return frozenset()


def _one_invitation(membership: Membership, number: int) -> list[Invitation]:
    return [each for each in _invitations(membership, 0) if each.id == number]


def _one_title(membership: Membership, number: int) -> str | None:
    found = _one_invitation(membership, number)
    return found[0].label or found[0].email if found else None


# -- events


def _event_title(membership: Membership, number: int) -> str | None:
    event = activities_queries.activity_of(membership, number)
    return _("People signed up for “%(event)s”", event=event.title) if event is not None else None


def _waiting_title(membership: Membership, number: int) -> str | None:
    event = activities_queries.activity_of(membership, number)
    return _("The waiting list of “%(event)s”", event=event.title) if event is not None else None


def _signed_up(state: SignupState) -> Callable[[Membership, int], list[Signup]]:
    def people(membership: Membership, number: int) -> list[Signup]:
        event = activities_queries.activity_of(membership, number)
        found = signups_queries.signups_of(event) if event is not None else []
        return [each for each in found if each.state is state]

    return people


KINDS: dict[str, AudienceKind] = {
    "everybody": AudienceKind(_everybody_title, lambda _membership, _number: None),
    "group": AudienceKind(_group_title, _in_group),
    "meeting": AudienceKind(_meeting_title, _invited_to),
    "round": AudienceKind(_round_title, _who_waits),
    "slips": AudienceKind(_slips_title, _who_got_slips),
    "late": AudienceKind(_owners_title, _late_owners),
    "invitations": AudienceKind(_invitations_title, _nobody, _invitations),
    "not_sent": AudienceKind(_to_send_title, _nobody, _to_send),
    "not_come": AudienceKind(_to_remind_title, _nobody, _to_remind),
    "invitation": AudienceKind(_one_title, _nobody, _one_invitation),
    "event": AudienceKind(_event_title, _nobody, signups=_signed_up(SignupState.COMING)),
    "event_waiting": AudienceKind(_waiting_title, _nobody, signups=_signed_up(SignupState.WAITING)),
}
