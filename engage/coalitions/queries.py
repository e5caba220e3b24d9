"""Reads coalitions, their people and groups, each within one coalition."""

from collections import Counter
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa
from sqlalchemy.orm import aliased, contains_eager, joinedload

from engage.accounts.models import User
from engage.clock import local_day
from engage.coalitions.models import Coalition, Group, GroupMember, Membership, MembershipDiscipline
from engage.coalitions.permissions import LEAD_MAY_THERE, Permission, may
from engage.coalitions.rules import GroupKind, Role
from engage.content.loader import content
from engage.database import SelectedRow, along, folded
from engage.dates import medium_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.languages import first_known, known


def active() -> tuple[sa.ColumnElement[bool], ...]:
    """Returns the SQL conditions for memberships that give access."""
    return (
        Membership.approved_at.is_not(None),
        Membership.disabled_at.is_(None),
        Membership.left_on.is_(None),
    )


def may_there(membership: Membership, permission: Permission, group_id: int | None) -> bool:
    """Returns whether the person may do this with a group's things, by their role or as the group's current lead."""
    if may(membership.role, permission):
        return True
    if group_id is None or permission not in LEAD_MAY_THERE:
        return False
    return _leads(membership, Group.id == group_id)


def leads_a_group(membership: Membership) -> bool:
    """Returns whether the person leads any group and may change things; leading gives a viewer no rights."""
    return _leads(membership)


def _leads(membership: Membership, *which: sa.ColumnElement[bool]) -> bool:
    if not may(membership.role, Permission.WORK):
        return False
    leads = sa.exists().where(
        Group.coalition_id == membership.coalition_id, Group.lead_id == membership.id, *which
    )
    return bool(db.session.scalar(sa.select(leads)))


# The statement is built once, because every page of a coalition runs it.
_PLACES = (
    sa.select(Membership)
    .join(Membership.coalition)
    .options(contains_eager(Membership.coalition))
    .where(Membership.user_id == sa.bindparam("user_id"), Coalition.closed_at.is_(None), *active())
    .order_by(Coalition.name, Coalition.id)
)


def memberships_of(user_id: int) -> list[Membership]:
    """Returns a membership for each coalition that this person may open now, with the coalition, sorted by its name."""
    return list(db.session.scalars(_PLACES, {"user_id": user_id}))


# The statement is built once, because every list and board of a plan offers the coalition's people.
_PEOPLE = (
    sa.select(
        Membership.id,
        Membership.name,
        Membership.sort_key,
        sa.case((Membership.shows_email, Membership.email), else_=""),
        Membership.joined_at,
    )
    .where(Membership.coalition_id == sa.bindparam("coalition_id"), *active())
    .order_by(Membership.sort_key, Membership.id)
)


class Beside(NamedTuple):
    """A coalition with what the menu shows of it on pages that belong to no coalition."""

    slug: str
    name: str
    time_zone: str
    menu_entries: list[str]
    menu_is_short: bool
    role: Role


def places_beside(user_id: int) -> list[Beside]:
    """Returns the same coalitions as `memberships_of`, but reads only what the menu shows."""
    rows = (
        sa.select(
            Coalition.slug,
            Coalition.name,
            Coalition.time_zone,
            Coalition.menu_entries,
            Coalition.menu_is_short,
            Membership.role,
        )
        .join(Membership.coalition)
        .where(Membership.user_id == user_id, Coalition.closed_at.is_(None), *active())
        .order_by(Coalition.name, Coalition.id)
    )
    return [Beside(**row._mapping) for row in db.session.execute(rows)]


def language_to(user: User) -> str:
    """Returns the language of mails to this account: its own choice, else that of its first coalition."""
    if known(user.language):
        return user.language
    rows = sa.select(Coalition.language).join(Membership, Membership.coalition_id == Coalition.id)
    mine = rows.where(Membership.user_id == user.id, *active()).order_by(Membership.id)
    return first_known(db.session.scalar(mine.limit(1)))


def places_of(user_id: int) -> list[Membership]:
    """Returns every membership that this person has or had, in any state, sorted by coalition."""
    rows = (
        sa.select(Membership)
        .join(Membership.coalition)
        .options(joinedload(Membership.coalition))
        .where(Membership.user_id == user_id)
        .order_by(Coalition.name, Coalition.id)
    )
    return list(db.session.scalars(rows))


def expected_sectors(coalition: Coalition) -> frozenset[str]:
    """Returns the keys of the sectors that the coalition expects to take part: its own choice, else the content's."""
    own = coalition.expected_sectors
    if own is None:
        return frozenset(each.key for each in content().sectors if each.expected)
    return frozenset(each.key for each in content().sectors if each.key in own)


def coalition_by_slug(slug: str) -> Coalition | None:
    """Returns a coalition by the name in its address. Only commands use it: pages load it through a membership."""
    return db.session.scalar(sa.select(Coalition).where(Coalition.slug == slug))


def any_coalition() -> bool:
    """Returns whether the installation has any coalition."""
    return bool(db.session.scalar(sa.select(sa.exists().select_from(Coalition))))


def slug_is_taken(slug: str) -> bool:
    """Returns whether a coalition already has this name in its address."""
    return coalition_by_slug(slug) is not None


def first_coordinated(user_id: int) -> Membership | None:
    """Returns the oldest membership in which this person is a coordinator."""
    places = (place for place in memberships_of(user_id) if place.role is Role.COORDINATOR)
    return min(places, key=lambda place: place.id, default=None)


def people_choices(membership: Membership, *chosen: int | None) -> list[tuple[int, str]]:
    """Returns the active people as (id, name), including those without an account, who may own things.

    People who are `chosen` already and have left come last, so that they stay until someone else is chosen.
    People with the same name are told apart by the address that they show, else by when they joined.
    """
    found = db.session.execute(_PEOPLE, {"coalition_id": membership.coalition_id}).all()
    many = Counter(sort_key for _key, _name, sort_key, *_known in found)
    taken: Counter[str] = Counter()
    choices = []
    for key, name, sort_key, email, joined_at in found:
        if many[sort_key] > 1:
            joined_on = local_day(joined_at, membership.coalition.time_zone)
            known = email or _("member since %(day)s", day=medium_day(joined_on))
            name = f"{name} ({known})"
            taken[folded(name)] += 1
            if taken[folded(name)] > 1:
                name = f"{name} {taken[folded(name)]}"
        choices.append((key, name))
    here = {key for key, _name in choices}
    return [*choices, *names_of(membership, {key for key in chosen if key} - here).items()]


def names_of(membership: Membership, keys: Collection[int]) -> dict[int, str]:
    """Returns names by membership id, also of people who have left."""
    if not keys:
        return {}
    rows = sa.select(Membership.id, Membership.name).where(
        Membership.coalition_id == membership.coalition_id, Membership.id.in_(sorted(keys))
    )
    return {row.id: row.name for row in db.session.execute(rows.order_by(Membership.sort_key))}


def name_of(membership: Membership, key: int | None) -> str:
    """Returns one person's name, also after they left; empty if `key` is None."""
    return "".join(names_of(membership, [key] if key else []).values())


def place_in(coalition_id: int, user_id: int) -> Membership | None:
    """Returns this person's membership in the coalition, in any state."""
    row = sa.select(Membership).where(Membership.coalition_id == coalition_id, Membership.user_id == user_id)
    return db.session.scalar(row)


def place_of(user_id: int, place_id: int) -> Membership | None:
    """Returns one of this person's own memberships that is waiting or active, for the pages of joining."""
    row = (
        sa.select(Membership)
        .join(Membership.coalition)
        .options(contains_eager(Membership.coalition))
        .where(
            Membership.user_id == user_id,
            Membership.id == place_id,
            Membership.disabled_at.is_(None),
            Membership.left_on.is_(None),
            Coalition.closed_at.is_(None),
        )
    )
    return db.session.scalar(row)


def another_coordinator_exists(place: Membership) -> bool:
    """Returns whether another person coordinates this coalition and can sign in."""
    others = sa.exists().where(
        Membership.coalition_id == place.coalition_id,
        Membership.id != place.id,
        Membership.role == Role.COORDINATOR,
        *active(),
        User.id == Membership.user_id,
        User.disabled_at.is_(None),
    )
    return bool(db.session.scalar(sa.select(others)))


def person_of(membership: Membership, person_id: int) -> Membership | None:
    """Returns one of the coalition's people, in any state, with their account."""
    row = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.coalition_id == membership.coalition_id, Membership.id == person_id)
    )
    return db.session.scalar(row)


def people_with_accounts(membership: Membership, ids: Collection[int]) -> list[Membership]:
    """Returns the coalition's people with these ids who have an account, sorted by name."""
    rows = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.coalition_id == membership.coalition_id, Membership.user_id.is_not(None))
        .order_by(Membership.sort_key, Membership.id)
    )
    # The ids are compared here, because an IN would have thousands of numbers.
    return [person for person in db.session.scalars(rows) if person.id in ids]


def coordinators_with_accounts(membership: Membership) -> list[Membership]:
    """Returns the coalition's current coordinators, by name, with their accounts."""
    rows = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(
            Membership.coalition_id == membership.coalition_id,
            Membership.role == Role.COORDINATOR,
            *active(),
        )
        .order_by(Membership.sort_key, Membership.id)
    )
    return list(db.session.scalars(rows))


def people_of(membership: Membership) -> list[Membership]:
    """Returns everyone who has or had a place in the coalition, by name, with their accounts."""
    rows = (
        sa.select(Membership)
        .options(joinedload(Membership.user))
        .where(Membership.coalition_id == membership.coalition_id)
        .order_by(Membership.sort_key, Membership.id)
    )
    return list(db.session.scalars(rows))


def disciplines_of(membership_id: int) -> list[str]:
    """Returns this person's disciplines, as keys of the content.

    Peer support is still stored for people who chose it earlier. Since it reveals that someone was
    trafficked, no page shows it, and the person's next change of disciplines deletes it.
    """
    rows = (
        sa.select(MembershipDiscipline.discipline)
        .where(MembershipDiscipline.membership_id == membership_id)
        .order_by(MembershipDiscipline.discipline)
    )
    shown = _shown()
    return [key for key in db.session.scalars(rows) if key in shown]


def _shown() -> set[str]:
    return {each.key for each in content().person_disciplines()}


def disciplines_by_person(membership: Membership) -> dict[int, list[str]]:
    """Returns the disciplines of everyone in the coalition, by membership id."""
    rows = sa.select(MembershipDiscipline.membership_id, MembershipDiscipline.discipline).where(
        MembershipDiscipline.coalition_id == membership.coalition_id
    )
    found: dict[int, list[str]] = {}
    shown = _shown()
    for row in db.session.execute(rows.order_by(MembershipDiscipline.discipline)):
        if row.discipline in shown:
            found.setdefault(row.membership_id, []).append(row.discipline)
    return found


def disciplines_here(membership: Membership) -> set[str]:
    """Returns the disciplines of the coalition's active people."""
    rows = (
        sa.select(MembershipDiscipline.discipline)
        .join(Membership, along(MembershipDiscipline.membership_id, Membership))
        .where(Membership.coalition_id == membership.coalition_id, *active())
        .distinct()
    )
    return set(db.session.scalars(rows))


def let_in_at(membership_id: int | None) -> sa.ScalarSelect[datetime | None]:
    """Returns a subquery for when someone else last got access to the account of this membership; NULL for never.

    What a page shows to this person alone leaves out what they wrote before that: see `accounts.ways_in`.
    """
    account = sa.select(User.let_in_at).join(Membership, Membership.user_id == User.id)
    return account.where(Membership.id == membership_id).scalar_subquery()


def password_link_is_allowed(actor: Membership, person: Membership) -> bool:
    """Returns whether this coordinator may make a password link for the person.

    All memberships of the person, except those they left, must be in coalitions that the coordinator
    coordinates. No one may make one for themselves, or for an admin of the installation without being one.
    """
    user = person.user
    if user is None or person.left_on is not None or user.id == actor.user_id:
        return False
    if user.is_admin and not (actor.user is not None and actor.user.is_admin):
        return False
    coordinated = sa.select(Membership.coalition_id).where(
        Membership.user_id == actor.user_id, Membership.role == Role.COORDINATOR, *active()
    )
    elsewhere = sa.exists().where(
        Membership.user_id == user.id,
        Membership.left_on.is_(None),
        Membership.coalition_id.not_in(coordinated),
    )
    return not db.session.scalar(sa.select(elsewhere))


# -- groups


def group_of(membership: Membership, group_id: int | None) -> Group | None:
    """Returns one of the coalition's groups."""
    return db.session.scalar(
        sa.select(Group).where(Group.coalition_id == membership.coalition_id, Group.id == group_id)
    )


def group_rows(membership: Membership) -> Sequence[SelectedRow]:
    """Returns the core team first, then workgroups by name, each with its lead and the number of active members."""
    lead = aliased(Membership)
    members = (
        sa.select(sa.func.count())
        .select_from(GroupMember)
        .join(Membership, along(GroupMember.membership_id, Membership))
        .where(GroupMember.group_id == Group.id, *active())
        .scalar_subquery()
    )
    rows = (
        sa.select(
            Group.id,
            Group.kind,
            Group.name,
            Group.purpose,
            lead.name.label("lead"),
            members.label("members"),
            Group.review_on,
            Group.is_open,
        )
        .outerjoin(lead, along(Group.lead_id, lead))
        .where(Group.coalition_id == membership.coalition_id)
        .order_by(Group.kind != GroupKind.CORE_TEAM, Group.sort_key, Group.id)
    )
    return db.session.execute(rows).all()


def group_choices(membership: Membership) -> list[tuple[int, str]]:
    """Returns the groups to choose from, as (id, name), in the order of `group_rows`."""
    rows = (
        sa.select(Group.id, Group.name)
        .where(Group.coalition_id == membership.coalition_id)
        .order_by(Group.kind != GroupKind.CORE_TEAM, Group.sort_key, Group.id)
    )
    return [(key, name) for key, name in db.session.execute(rows)]
