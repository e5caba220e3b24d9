"""Lets an admin give people access to accounts and coalitions, and delete coalitions.

The coalition may not know the admin. So its coordinators are notified when an admin gives someone access; if
none of them can sign in, the members are notified.
"""

from collections.abc import Iterator, Sequence

import sqlalchemy as sa

from engage.accounts import notices as notices_service
from engage.accounts import service as accounts_service
from engage.accounts.models import User
from engage.accounts.rules import NoticeKind
from engage.accounts.second_factor import service as second_factor_service
from engage.coalitions import queries as coalitions_queries
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.database import Base, text_is_gone
from engage.extensions import db

# The audit log refers to memberships and cannot be deleted while its coalition exists. So both are deleted by
# the cascade of the coalition's row.
_WITH_ITS_ROW = frozenset({AuditEntry.__tablename__, Membership.__tablename__})


def make_password_link(user: User, admin: User | None) -> str:
    """Returns the token of a one-time link. `admin` is None if a command on the server makes the link."""
    _tell_others(user, admin, NoticeKind.LINK_FOR_SOMEONE)
    return accounts_service.make_password_link(user, made_by=admin)


def turn_off_second_factor(user: User, admin: User | None) -> None:
    """Turns off two-step sign-in for a person who lost the phone and the recovery codes."""
    if admin is not None and admin.id == user.id:
        second_factor_service.turn_off(user)
        return
    _tell_others(user, admin, NoticeKind.SECOND_FACTOR_OFF_FOR_SOMEONE)
    second_factor_service.turn_off_for(user)


def make_coordinator_link(coalition: Coalition, admin: User | None) -> str:
    """Returns the token of a link that makes someone the coordinator of a coalition without one."""
    for each in _who_watches(coalition.id, admin, without=None):
        notices_service.tell(each, NoticeKind.COORDINATOR_LINK)
    return invitations_service.invite_coordinator(coalition)


def _tell_others(user: User, admin: User | None, kind: NoticeKind) -> None:
    if admin is not None and admin.id == user.id:
        return
    places = coalitions_queries.memberships_of(user.id)
    others = {
        each.id: each for place in places for each in _who_watches(place.coalition_id, admin, without=user)
    }
    for each in others.values():
        notices_service.tell(each, kind, about=user)


def _who_watches(coalition_id: int, admin: User | None, without: User | None) -> Sequence[User]:
    """Returns whom to notify: the other coordinators, or the members if none can sign in; never the admin."""
    rows = (
        sa.select(User, Membership.role)
        .join(Membership, Membership.user_id == User.id)
        .where(
            Membership.coalition_id == coalition_id,
            Membership.role != Role.VIEWER,
            User.disabled_at.is_(None),
            *coalitions_queries.active(),
        )
        .order_by(User.id)
    )
    people = [
        (each, role) for each, role in db.session.execute(rows) if without is None or each.id != without.id
    ]
    coordinators = [each for each, role in people if role is Role.COORDINATOR]
    told = coordinators or [each for each, _role in people]
    return [each for each in told if admin is None or each.id != admin.id]


def remove(coalition: Coalition) -> None:
    """Deletes every row of this coalition in every table, and then the coalition itself.

    Cascades cannot do this, because many foreign keys between a coalition's tables are RESTRICT.
    """
    coalition_id = coalition.id
    text_is_gone()
    db.session.expunge(coalition)
    for table in reversed(Base.metadata.sorted_tables):
        if "coalition_id" in table.c:
            for column in _pointing_at_itself(table):
                here = sa.update(table).where(table.c.coalition_id == coalition_id, column.is_not(None))
                db.session.execute(here.values({column.name: None}))
            if table.name not in _WITH_ITS_ROW:
                db.session.execute(sa.delete(table).where(table.c.coalition_id == coalition_id))
    db.session.execute(sa.delete(Coalition).where(Coalition.id == coalition_id))


def _pointing_at_itself(table: sa.Table) -> Iterator[sa.Column[int]]:
    """Yields columns with which rows of a table refer to other rows of the same table."""
    for key in table.foreign_key_constraints:
        if key.referred_table is table:
            yield table.c[next(name for name in key.column_keys if name != "coalition_id")]
