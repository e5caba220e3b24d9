"""Reads and writes known efforts that members see: who does what, for which people, in which focus area and where.

`own/service.py` handles efforts that a respondent names while a round is open.
"""

from collections.abc import Collection, Iterable

import sqlalchemy as sa
from msgspec import Struct

from engage import clock, history
from engage.assessment.languages import as_read
from engage.assessment.models import Effort, Round
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.service import lock
from engage.coalitions.trash import service as trash_service
from engage.content.loader import content
from engage.database import Selection, along, folded, sort_key
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners.models import Organization
from engage.partners.rules import are_alike
from engage.snapshots import Snapshot
from engage.versions import claim_version

TABLE = Effort.__tablename__
PAGE_SIZE = 200


class Said(Struct, frozen=True):
    """The fields of an effort as the form sends them."""

    area: str
    who: str
    what: str
    for_whom: str = ""
    place: str = ""


class EffortRow(Struct, frozen=True):
    """A line of the list of efforts.

    `organization` is the one that the effort was merged into, and `who` is the name that was typed. `round`
    is the title of the round in which a respondent named it, and `added_by` is the person who added it.
    """

    id: int
    area: str
    who: str
    what: str
    for_whom: str
    place: str
    organization: str | None
    round: str | None
    added_by: str | None
    organization_id: int | None

    @property
    def name(self) -> str:
        return self.organization or self.who

    @property
    def named_as(self) -> str | None:
        """Returns the name that was typed, if it differs from the organization's name; else None."""
        other = self.organization is not None and folded(self.organization) != folded(self.who)
        return self.who if other else None


class EffortCounts(Struct, frozen=True):
    """The number of efforts in each area, and of efforts without a listed organization."""

    by_area: dict[str, int]
    unmerged: int

    @property
    def total(self) -> int:
        return sum(self.by_area.values())


def _shared(membership: Membership) -> tuple[sa.ColumnElement[bool], ...]:
    return Effort.coalition_id == membership.coalition_id, Effort.shared.is_(True)


def _asked(area: str | None, unmerged: bool) -> list[sa.ColumnElement[bool]]:
    found: list[sa.ColumnElement[bool]] = [] if area is None else [Effort.area == area]
    return [*found, Effort.organization_id.is_(None)] if unmerged else found


def counts(membership: Membership) -> EffortCounts:
    """Counts the efforts that members see."""
    rows = (
        sa.select(
            Effort.area,
            sa.func.count(Effort.id).label("number"),
            sa.func.count(sa.case((Effort.organization_id.is_(None), Effort.id))).label("unmerged"),
        )
        .where(*_shared(membership))
        .group_by(Effort.area)
    )
    found = db.session.execute(rows).all()
    return EffortCounts({row.area: row.number for row in found}, sum(row.unmerged for row in found))


def efforts_of(
    membership: Membership,
    areas: Iterable[str],
    *,
    area: str | None = None,
    unmerged: bool = False,
    page: int = 1,
) -> list[EffortRow]:
    """Returns one page of the efforts that members see, by area in the order of `areas`, then by name."""
    order = sa.case({key: place for place, key in enumerate(areas)}, value=Effort.area, else_=10_000)
    rows: Selection = (
        sa.select(
            Effort.id,
            Effort.area,
            Effort.who,
            Effort.what,
            Effort.for_whom,
            Effort.place,
            Organization.name.label("organization"),
            Round.title.label("round"),
            Membership.name.label("added_by"),
            Organization.id.label("organization_id"),
        )
        .outerjoin(Organization, along(Effort.organization_id, Organization))
        .outerjoin(Round, along(Effort.round_id, Round))
        .outerjoin(Membership, along(Effort.added_by_id, Membership))
        .where(*_shared(membership), *_asked(area, unmerged))
        .order_by(order, sa.func.coalesce(Organization.sort_key, Effort.sort_key), Effort.sort_key, Effort.id)
        .limit(PAGE_SIZE)
        .offset((page - 1) * PAGE_SIZE)
    )
    return [EffortRow(**row._mapping) for row in db.session.execute(rows)]


def effort_of(membership: Membership, effort_id: int) -> Effort | None:
    """Returns one of the efforts that members see, by its id."""
    return db.session.scalar(sa.select(Effort).where(*_shared(membership), Effort.id == effort_id))


def efforts_of_organization(membership: Membership, organization_id: int) -> list[Effort]:
    """Returns the efforts that were merged into this organization, in the order of their areas."""
    rows = sa.select(Effort).where(*_shared(membership), Effort.organization_id == organization_id)
    return list(db.session.scalars(rows.order_by(Effort.area, Effort.sort_key, Effort.id)))


def may_delete(membership: Membership, effort: Effort) -> bool:
    """Returns whether this person may delete the effort: members those they added, coordinators any."""
    return effort.added_by_id == membership.id or may(membership.role, Permission.MERGE)


def efforts_like(membership: Membership, effort: Effort) -> list[Effort]:
    """Returns this effort first, then others without an organization that may be the same."""
    rows = (
        sa.select(Effort)
        .where(*_shared(membership), Effort.organization_id.is_(None), Effort.id != effort.id)
        .order_by(Effort.sort_key, Effort.id)
    )
    return [effort, *(row for row in db.session.scalars(rows) if are_alike(row.sort_key, effort.sort_key))]


def area_names(membership: Membership, also: Collection[str] = ()) -> dict[str, str]:
    """Returns the focus areas by key, in their order.

    They are those of the content and of the newest round, and those in `also`, which an earlier round asked
    about.
    """
    names = {area.key: area.name for area in content().areas}
    rounds = (
        sa.select(Round.questions)
        .where(Round.coalition_id == membership.coalition_id)
        .order_by(Round.opened_at.desc(), Round.id.desc())
    )
    newest = True
    for stored in db.session.scalars(rounds):
        if not newest and all(key in names for key in also):
            break
        for area in as_read(stored).areas:
            names.setdefault(area.key, area.name)
        newest = False
    return names | {key: key for key in also if key not in names}


def add_effort(membership: Membership, said: Said) -> Effort:
    """Adds an effort by hand; every member sees it at once.

    If its name is exactly that of a listed organization, it is linked to that organization.
    """
    same = sa.select(Organization.id).where(
        Organization.coalition_id == membership.coalition_id,
        Organization.sort_key == sort_key(said.who, Organization),
    )
    effort = Effort(
        coalition_id=membership.coalition_id,
        shared=True,
        added_by_id=membership.id,
        added_at=clock.now(),
        organization_id=db.session.scalar(same),
    )
    say(effort, said)
    return history.add(membership, effort)


def change_effort(membership: Membership, effort: Effort, version: int, said: Said) -> None:
    """Changes the effort. Raises StaleVersion if someone else saved it in between."""
    claim_version(effort, version)
    say(effort, said)
    history.note(membership, effort, "changed")


def delete_effort(membership: Membership, effort: Effort) -> Snapshot:
    """Moves the effort to the trash. Raises WrongState for someone else's."""
    lock(membership.coalition_id)
    if not may_delete(membership, effort):
        raise WrongState(_("Only a coordinator can delete what someone else added."))
    return trash_service.put(membership, effort)


def merge(membership: Membership, chosen: Iterable[Effort], organization: Organization) -> None:
    """Merges the chosen efforts into this organization. Their other texts and the typed name stay."""
    for effort in chosen:
        _point(membership, effort, organization.id)


def unmerge(membership: Membership, effort: Effort) -> None:
    """Undoes a wrong merge: the effort shows the typed name again."""
    _point(membership, effort, None)


def _point(membership: Membership, effort: Effort, organization_id: int | None) -> None:
    if effort.organization_id == organization_id:
        return
    history.note(membership, effort, "organization", old=effort.organization_id, new=organization_id)
    effort.organization_id = organization_id


def say(effort: Effort, said: Said) -> None:
    effort.area, effort.who, effort.sort_key = said.area, said.who, sort_key(said.who, Effort)
    effort.what, effort.for_whom, effort.place = said.what, said.for_whom, said.place
