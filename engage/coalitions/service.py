"""Writes coalitions: creating one, and changing its settings."""

import re
from collections.abc import Collection
from enum import StrEnum
from zoneinfo import available_timezones

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.accounts.models import User
from engage.coalitions import queries
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Leadership, MembershipStyle, Role, Stage, Structure
from engage.content.loader import content
from engage.database import folded, sort_key
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _
from engage.versions import claim_version

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
SLUG_LONGEST = 60
NAME_LONGEST = 120


def slug_for(name: str) -> str:
    """Returns an unused name for the address: "riverbend-county-coalition" for "Riverbend County Coalition"."""
    stem = "-".join(re.findall(r"[a-z0-9]+", folded(name)))[:50].strip("-") or "coalition"
    slug, number = stem, 2
    while queries.slug_is_taken(slug):
        slug, number = f"{stem}-{number}", number + 1
    return slug


def create_coalition(
    name: str,
    community: str = "",
    time_zone: str = "America/Chicago",
    slug: str = "",
    stage: Stage | None = None,
) -> Coalition:
    """Creates a coalition without people. Raises FieldRefused on `slug`, `name` or `time_zone`."""
    if slug and (not SLUG.fullmatch(slug) or len(slug) > SLUG_LONGEST):
        raise FieldRefused(
            "slug", _("Use lowercase letters, digits, and single hyphens, such as riverbend-county.")
        )
    if not 0 < len(name.strip()) <= NAME_LONGEST:
        raise FieldRefused("name", _("Give the coalition a name of at most 120 characters."))
    if time_zone not in available_timezones():
        raise FieldRefused("time_zone", _("That is not a time zone. Enter one such as America/Chicago."))
    coalition = Coalition(
        slug=slug or slug_for(name),
        name=name.strip(),
        community=community.strip(),
        time_zone=time_zone,
        stage=stage,
        created_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(coalition)
    except IntegrityError:
        raise FieldRefused("slug", _("There is already a coalition with this address.")) from None
    return coalition


def admit_first_coordinator(coalition: Coalition, user: User) -> Membership:
    """Makes the person who set the coalition up its coordinator."""
    now = clock.now()
    membership = Membership(
        coalition_id=coalition.id,
        user_id=user.id,
        name=user.name,
        sort_key=sort_key(user.name, Membership),
        role=Role.COORDINATOR,
        understood_at=now,
        joined_at=now,
        approved_at=now,
    )
    db.session.add(membership)
    db.session.flush()
    return membership


def keep_contacts(membership: Membership, months: int | None) -> None:
    """Sets for how many months the contact data of people who left is kept; None keeps it until someone deletes it."""
    coalition = membership.coalition
    if coalition.contact_months != months:
        _record(membership, "contact_months", old=coalition.contact_months, new=months)
        note_setting(membership, "contact_months")
        coalition.contact_months = months


def close(coalition: Coalition) -> None:
    """Closes the coalition temporarily: no one can open or join it, and everything in it stays."""
    if coalition.closed_at is None:
        coalition.closed_at = clock.now()
        _note_closed(coalition, "closed")


def open_again(coalition: Coalition) -> None:
    """Reopens the coalition: everyone who had access has it again."""
    if coalition.closed_at is not None:
        coalition.closed_at = None
        _note_closed(coalition, "opened")


def _note_closed(coalition: Coalition, what: str) -> None:
    """Records in the coalition's audit log that the installation's admin did this."""
    audit_service.record(audit_service.Server(coalition.id), AuditEvent.SETTING_CHANGED, coalition, what=what)


class Shape(Struct, frozen=True):
    """How a coalition is organized; each part may be decided later."""

    stage: Stage | None
    structure: Structure | None
    leadership: Leadership | None
    membership_style: MembershipStyle | None


def set_shape(membership: Membership, shape: Shape) -> None:
    """Sets stage, structure, leadership and membership style, and records each change. Ticks of tips stay."""
    coalition = membership.coalition
    for field in ("stage", "structure", "leadership", "membership_style"):
        old, new = getattr(coalition, field), getattr(shape, field)
        if old is not new:
            _record(membership, field, old=old, new=new)
            note_setting(membership, field, old=old, new=new)
            setattr(coalition, field, new)


def save_profile(membership: Membership, version: int, values: dict[str, object]) -> None:
    """Saves texts and settings of the coalition. Raises StaleVersion if someone saved them in between."""
    coalition = membership.coalition
    claim_version(coalition, version)
    for field, value in values.items():
        if getattr(coalition, field) != value:
            setattr(coalition, field, value)
            record_setting(membership, field)


def expect_sectors(membership: Membership, version: int, keys: Collection[str]) -> None:
    """Sets which sectors are expected to take part; the content's default is not stored. Raises StaleVersion."""
    coalition = membership.coalition
    claim_version(coalition, version)
    usual = [each.key for each in content().sectors if each.expected]
    wanted = [each.key for each in content().sectors if each.key in keys]
    own = None if wanted == usual else wanted
    if own != coalition.expected_sectors:
        coalition.expected_sectors = own
        record_setting(membership, "expected_sectors")


def record_setting(membership: Membership, field: str) -> None:
    """Records in the history and in the audit log that a setting or a text of the coalition changed."""
    _record(membership, field)
    note_setting(membership, field)


def _record(membership: Membership, field: str, **values: history.Value) -> None:
    here = membership.coalition_id
    history.record(here, membership.id, "coalitions_coalition", here, field, **values)


def note_setting(
    membership: Membership, field: str, *, old: StrEnum | None = None, new: StrEnum | None = None
) -> None:
    """Records in the audit log which setting changed; values are recorded only if they are states."""
    audit_service.record(
        membership, AuditEvent.SETTING_CHANGED, membership.coalition, what=field, old=old, new=new
    )


def set_second_factor_rule(membership: Membership, wanted: bool) -> None:
    """Sets whether coordinators need two-step sign-in here, and records the change."""
    coalition = membership.coalition
    if coalition.coordinators_need_second_factor is not wanted:
        coalition.coordinators_need_second_factor = wanted
        record_setting(membership, "second_factor_asked" if wanted else "second_factor_free")


def lock(coalition_id: int) -> None:
    """Locks the coalition's row until the commit, so that two requests do not take the same number.

    SQLite has only one writer anyway; on PostgreSQL a second request waits here. The lock is FOR NO KEY
    UPDATE, so that a request that only adds a row to the coalition does not wait: it may hold a row that the
    lock's owner needs next, and both would wait forever.
    """
    held = sa.select(Coalition.id).where(Coalition.id == coalition_id)
    db.session.execute(held.with_for_update(key_share=True))
