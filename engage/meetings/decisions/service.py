"""Reads and writes decisions of meetings."""

from collections.abc import Collection, Mapping
from datetime import date, datetime
from enum import StrEnum

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history, snapshots, versions
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.coalitions.trash.service import Held
from engage.database import Selection, along, folded
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.meetings import queries, service
from engage.meetings.labels import titled
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import is_due
from engage.snapshots import Snapshot
from engage.web.lists import ListFilters, enum_asked, flag_asked, text_asked

# The key under which the trash stores the numbers of decisions.
NUMBERS = "decision_numbers"
# The history stores the old and new values of these fields. Of other fields it stores only that they changed.
_KEPT = frozenset({"owner_id", "review_on", "item_id", "no_action"})
# Fields that may change even after the meeting is closed.
_FOLLOW_UP = frozenset({"owner_id", "review_on", "no_action"})


class DecisionLine(Struct, frozen=True):
    """A decision in a list. `item` is its agenda item, "" if there is none."""

    id: int
    number: int
    text: str
    owner_id: int | None
    owner: str
    owner_left: bool
    review_on: date | None
    decided_on: date
    meeting_id: int
    meeting: str
    starts_at: datetime
    item_id: int | None
    item: str
    no_action: bool

    @property
    def owner_words(self) -> str:
        return _("%(name)s (no longer a member)", name=self.owner) if self.owner_left else self.owner

    @property
    def meeting_words(self) -> str:
        return titled(self.meeting, self.starts_at)

    def is_due(self, today: date) -> bool:
        return is_due(self.review_on, today)


class DecisionsShown(StrEnum):
    ALL = "all"
    DUE = "due"
    NO_ACTION = "no_action"


class DecisionFilters(ListFilters, frozen=True):
    """The filters in the query string; invalid values are ignored."""

    show: DecisionsShown = enum_asked(DecisionsShown, DecisionsShown.ALL)
    text: str = text_asked()
    mine: bool = flag_asked()

    def only(
        self, lines: Collection[DecisionLine], today: date, acted: Collection[int], me: int
    ) -> list[DecisionLine]:
        """Returns the decisions that match the filters; `acted` are ids of decisions that have an action."""
        words = folded(self.text).split()
        return [
            each
            for each in lines
            if (self.show is not DecisionsShown.DUE or each.is_due(today))
            and (self.show is not DecisionsShown.NO_ACTION or not (each.no_action or each.id in acted))
            and (not self.mine or each.owner_id == me)
            and _holds(each, words)
        ]


def _holds(line: DecisionLine, words: list[str]) -> bool:
    if not words:
        return True
    text = folded(f"{line.number} {line.text} {line.owner} {line.meeting} {line.item}")
    return all(word in text for word in words)


def _lines(coalition_id: int, *conditions: sa.ColumnElement[bool]) -> list[DecisionLine]:
    """Returns the coalition's decisions that meet the conditions, by number, in one query."""
    rows: Selection = (
        sa.select(
            Decision.id,
            Decision.number,
            Decision.text,
            Decision.owner_id,
            sa.func.coalesce(Membership.name, "").label("owner"),
            sa.or_(Membership.left_on.is_not(None), Membership.disabled_at.is_not(None)).label("owner_left"),
            Decision.review_on,
            Decision.decided_on,
            Meeting.id.label("meeting_id"),
            Meeting.title.label("meeting"),
            Meeting.starts_at,
            Decision.item_id,
            sa.func.coalesce(AgendaItem.title, "").label("item"),
            Decision.no_action,
        )
        .join(Meeting, along(Decision.meeting_id, Meeting))
        .outerjoin(AgendaItem, along(Decision.item_id, AgendaItem))
        .outerjoin(Membership, along(Decision.owner_id, Membership))
        .where(Decision.coalition_id == coalition_id, *conditions)
        .order_by(Decision.number)
    )
    return [DecisionLine(**row._mapping) for row in db.session.execute(rows)]


def decision_lines(membership: Membership) -> list[DecisionLine]:
    """Returns all decisions of the coalition, newest first, in one query."""
    return _lines(membership.coalition_id)[::-1]


def decisions_of(meeting: Meeting) -> list[DecisionLine]:
    """Returns this meeting's decisions, in the order of their numbers."""
    return _lines(meeting.coalition_id, Decision.meeting_id == meeting.id)


def decisions_between(
    membership: Membership, since: date, until: date, meeting_id: int | None = None
) -> list[DecisionLine]:
    """Returns, by number, the decisions of meetings between two days, and those of this meeting on any day.

    It takes one query.
    """
    wanted = sa.or_(Decision.decided_on.between(since, until), Decision.meeting_id == (meeting_id or 0))
    return _lines(membership.coalition_id, wanted)


def decision_of(membership: Membership, number: int) -> Decision | None:
    """Returns the coalition's decision with this number."""
    return db.session.scalar(
        sa.select(Decision).where(Decision.coalition_id == membership.coalition_id, Decision.number == number)
    )


def group_of_decision(membership: Membership, number: int) -> int | None:
    """Returns the group whose meeting made the decision; None if there is no group or no such decision."""
    decision = decision_of(membership, number)
    return queries.group_of_meeting(membership, decision.meeting_id) if decision is not None else None


def line_of(decision: Decision) -> DecisionLine:
    """Returns one decision in the form in which lists show it."""
    (line,) = _lines(decision.coalition_id, Decision.id == decision.id)
    return line


def held_by(person: Membership) -> list[DecisionLine]:
    """Returns decisions that this person owns and that are still to be reviewed, for handing them over."""
    found = decision_lines(person)
    return [each for each in found if each.owner_id == person.id and each.review_on is not None]


class DueDecisions(Struct, frozen=True):
    """The number of decisions due for review, and the one that has waited longest."""

    count: int
    number: int
    text: str
    since: date


# The statements are built once, because every Home page runs one of them.
_DUE = (
    sa.select(sa.func.count().over(), Decision.number, Decision.text, Decision.review_on)
    .where(Decision.coalition_id == sa.bindparam("coalition_id"), Decision.review_on <= sa.bindparam("today"))
    .order_by(Decision.review_on, Decision.number)
    .limit(1)
)
_MY_DUE = _DUE.where(Decision.owner_id == sa.bindparam("me"))


def due_decisions(membership: Membership, today: date, *, mine: bool) -> DueDecisions | None:
    """Returns the decisions due for review by now, of everyone or of this person; None if there are none."""
    asked = {"coalition_id": membership.coalition_id, "today": today, "me": membership.id}
    row = db.session.execute(_MY_DUE if mine else _DUE, asked).one_or_none()
    if row is None:
        return None
    count, number, text, since = row
    assert since is not None
    return DueDecisions(count, number, text, since)


# -- writes


def free_number(coalition_id: int) -> int:
    """Returns the number of the next decision, skipping those in the trash; the caller locks the coalition."""
    return snapshots.free_number(coalition_id, Decision)


def add_decision(membership: Membership, meeting: Meeting, values: Mapping[str, object]) -> Decision:
    """Adds a decision with the coalition's next number. Raises WrongState if the meeting is closed."""
    lock(meeting.coalition_id)
    service.claim_open(meeting)
    zone = membership.coalition.time_zone
    decision = Decision(
        coalition_id=meeting.coalition_id,
        number=free_number(meeting.coalition_id),
        meeting_id=meeting.id,
        decided_on=min(clock.today(zone), clock.local_day(meeting.starts_at, zone)),
        **values,
    )
    return history.add(membership, decision, new=decision.number)


def edit_decision(
    membership: Membership, decision: Decision, version: int, values: Mapping[str, object]
) -> None:
    """Sets new values of fields by name. Raises WrongState, StaleVersion.

    Once the meeting is closed, the decision's words and agenda item cannot change, because they are in the
    minutes.
    """
    meeting = db.session.get_one(Meeting, decision.meeting_id)
    if any(getattr(decision, field) != value for field, value in values.items() if field not in _FOLLOW_UP):
        service.claim_open(meeting)
    versions.change(membership, decision, version, values, _KEPT)


def delete_decision(membership: Membership, decision: Decision) -> Snapshot:
    """Moves the decision to the trash while the meeting is open. Raises WrongState."""
    lock(membership.coalition_id)
    service.claim_open(db.session.get_one(Meeting, decision.meeting_id))
    try:
        return trash_service.put(membership, decision)
    except Held:
        refuse_deleting(has_action=True)
        raise


def hand_over(from_: Membership, to: Membership, actor: Membership, only: Collection[int]) -> int:
    """Gives those of the decisions `only` that this owner holds to a new owner. Returns how many."""
    held = [each.id for each in held_by(from_) if each.id in only]
    for decision in db.session.scalars(sa.select(Decision).where(Decision.id.in_(held))):
        history.note(actor, decision, "owner_id", old=decision.owner_id, new=to.id)
        decision.owner_id = to.id
        decision.version += 1
    return len(held)


def refuse_deleting(has_action: bool) -> None:
    """Raises WrongState if an action came from the decision."""
    if has_action:
        raise WrongState(
            _("This decision led to an action. The decision stays, so that the action shows why it is there.")
        )
