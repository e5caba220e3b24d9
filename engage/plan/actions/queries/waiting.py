"""Reads open actions that are late, stuck or due."""

from collections import defaultdict
from datetime import date, datetime, timedelta

import sqlalchemy as sa
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.queries import active
from engage.database import Selection, along
from engage.extensions import db
from engage.history import given_since
from engage.plan.carryover.queries import still_earlier_in
from engage.plan.models import Action, Plan
from engage.plan.queries import TODAY
from engage.plan.rules import OPEN, SOON_DAYS, ActionStatus, PlanStatus


class WaitingAction(Struct, frozen=True):
    """An open action that waits for its owner (None if it has none). `help_needed` is empty unless it is stuck."""

    id: int
    number: int
    title: str
    status: ActionStatus
    due_on: date | None
    is_late: bool
    help_needed: str
    owner_id: int | None
    owner_name: str | None
    version: int
    # A person who left or whose access is paused is not reminded.
    owner_is_here: bool = True


class WaitingActions(Struct, frozen=True):
    """The first waiting actions, and their total number."""

    shown: list[WaitingAction]
    total: int


COALITION: sa.BindParameter[int] = sa.bindparam("coalition_id")
_ME: sa.BindParameter[int] = sa.bindparam("me")
_IS_STUCK = Action.status == ActionStatus.STUCK
_GOES_ON = Action.status.in_(OPEN - {ActionStatus.STUCK})


def _waiting_rows(*kinds: sa.ColumnElement[bool]) -> Selection:
    """Selects the waiting actions of these kinds, late first, then stuck, then by date, with the total.

    The kinds must not overlap. Each kind is a query of its own, so that the index finds exactly its rows; all
    rows are first found with few columns, because a page reads eight of hundreds.
    """
    plans = sa.select(Plan.id).where(Plan.coalition_id == COALITION, Plan.status != PlanStatus.CLOSED)
    rank = sa.case((Action.due_on < TODAY, 0), (_IS_STUCK, 1), else_=2).label("rank")
    each = sa.select(Action.id, Action.due_on, rank).where(
        Action.plan_id.in_(plans), sa.not_(still_earlier_in(COALITION))
    )
    found = sa.union_all(*(each.where(kind) for kind in kinds)).cte("found").prefix_with("MATERIALIZED")
    in_order = sa.select(found).order_by(found.c.rank, found.c.due_on, found.c.id)
    # The limit is a literal number, because SQLite would plan the statement again for each bound limit, which
    # takes as long as running it.
    page = in_order.limit(sa.bindparam("most", type_=sa.Integer, literal_execute=True)).subquery()
    return (
        sa.select(
            Action.id,
            Action.number,
            Action.title,
            Action.status,
            Action.due_on,
            Action.reason,
            Action.owner_id,
            Membership.name,
            Action.version,
            sa.and_(*active()).label("owner_is_here"),
            sa.select(sa.func.count()).select_from(found).scalar_subquery().label("total"),
        )
        .join(page, page.c.id == Action.id)
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .order_by(page.c.rank, page.c.due_on, page.c.id)
    )


_ALL = 2**31 - 1

# Home's statements are built once, because building a statement takes longer than running it.
_SOON = sa.and_(_GOES_ON, Action.due_on <= sa.bindparam("soon"))
_NOW_LATE = sa.and_(_GOES_ON, Action.due_on < TODAY)
_IS_MINE = Action.owner_id == _ME
_IS_ANOTHERS = sa.or_(Action.owner_id.is_(None), Action.owner_id != _ME)
_MINE = _waiting_rows(sa.and_(_IS_STUCK, _IS_MINE), sa.and_(_SOON, _IS_MINE))
_OTHERS = _waiting_rows(sa.and_(_IS_STUCK, _IS_ANOTHERS), sa.and_(_NOW_LATE, _IS_ANOTHERS))


def _waiting(rows: Selection, membership: Membership, today: date, most: int | None) -> WaitingActions:
    asked = {
        "coalition_id": membership.coalition_id,
        "me": membership.id,
        "today": today,
        "soon": today + timedelta(days=SOON_DAYS),
        "most": most or _ALL,
    }
    found = db.session.execute(rows, asked).all()
    shown = [
        WaitingAction(
            id=row.id,
            number=row.number,
            title=row.title,
            status=row.status,
            due_on=row.due_on,
            is_late=row.due_on is not None and row.due_on < today,
            help_needed=row.reason if row.status is ActionStatus.STUCK else "",
            owner_id=row.owner_id,
            owner_name=row.name,
            version=row.version,
            owner_is_here=bool(row.owner_is_here),
        )
        for row in found
    ]
    return WaitingActions(shown, found[0].total if found else 0)


def waiting_for(membership: Membership, today: date, most: int | None = None) -> WaitingActions:
    """Returns the first `most` of my open actions that are late, stuck or due within two weeks, in this order."""
    return _waiting(_MINE, membership, today, most)


def everybodys_waiting(membership: Membership, today: date) -> dict[int, list[WaitingAction]]:
    """Returns everyone's waiting actions by owner, in one query."""
    is_owned = Action.owner_id.is_not(None)
    rows = _waiting_rows(sa.and_(_IS_STUCK, is_owned), sa.and_(_SOON, is_owned))
    found: dict[int, list[WaitingAction]] = defaultdict(list)
    for action in _waiting(rows, membership, today, None).shown:
        assert action.owner_id is not None
        found[action.owner_id].append(action)
    return found


def newly_mine(membership: Membership, today: date, since: datetime, most: int) -> WaitingActions:
    """Returns my open actions, with any due date, that someone else gave me or made for me after this time."""
    is_others_work = sa.or_(Action.created_by_id.is_(None), Action.created_by_id != membership.id)
    is_given = Action.id.in_(given_since(membership.coalition_id, membership.id, since, Action, "owner_id"))
    is_new = sa.or_(sa.and_(Action.created_at > since, is_others_work), is_given)
    rows = _waiting_rows(sa.and_(Action.status.in_(OPEN), _IS_MINE, is_new))
    return _waiting(rows, membership, today, most)


def waiting_action(action: Action, today: date) -> WaitingAction:
    """Returns one action in the form of the list, whether it waits or not; its owner has no name."""
    return WaitingAction(
        id=action.id,
        number=action.number,
        title=action.title,
        status=action.status,
        due_on=action.due_on,
        is_late=action.status in OPEN and action.due_on is not None and action.due_on < today,
        help_needed=action.reason if action.status is ActionStatus.STUCK else "",
        owner_id=action.owner_id,
        owner_name=None,
        version=action.version,
    )


def others_late_or_stuck(membership: Membership, today: date, most: int | None = None) -> WaitingActions:
    """Returns, for coordinators, late or stuck actions that are not mine, late first; some have no owner."""
    return _waiting(_OTHERS, membership, today, most)


def stuck_actions(membership: Membership, today: date, most: int) -> WaitingActions:
    """Returns everyone's stuck actions, the late ones first."""
    return _waiting(_waiting_rows(_IS_STUCK), membership, today, most)


def late_actions(membership: Membership, today: date, most: int) -> WaitingActions:
    """Returns everyone's late actions that are not stuck, the longest late first."""
    return _waiting(_waiting_rows(_NOW_LATE), membership, today, most)
