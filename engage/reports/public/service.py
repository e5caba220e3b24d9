"""Chooses what the public sees, publishes it, and revokes it at once."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from flask import current_app

from engage import history, tokens
from engage.coalitions.audit import service as audit_service
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.errors import WrongState
from engage.extensions import db
from engage.history import Value
from engage.i18n import gettext as _
from engage.reports.models import PublicGoal, PublicMeasure, PublicPage, PublicPartner
from engage.reports.public import queries
from engage.reports.public.rules import Called, ChosenForPublic, PublicLink, PublicState, Shown
from engage.versions import claim_version

TABLE = PublicPage.__tablename__
PURPOSE = "public page"


def token_of(page: PublicPage) -> str | None:
    """Returns the link's token; None if there is no link, or it was made with an earlier key and cannot be shown."""
    if page.nonce is None:
        return None
    token = tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, page.nonce)
    return token if tokens.hashed(token) == page.token_hash else None


# -- choosing


def save(membership: Membership, version: int, chosen: ChosenForPublic) -> PublicPage:
    """Saves the choice and the public titles; a published page changes at once.

    `version` is 0 if there was nothing yet. Raises StaleVersion.
    """
    page = _held(membership)
    if page is None:
        page = _added(membership)
    else:
        claim_version(page, version)
    _call(membership, PublicGoal, "goal_id", chosen.goals)
    _call(membership, PublicMeasure, "measure_id", chosen.measures)
    _name(membership, chosen.agreements)
    return page


def _added(membership: Membership) -> PublicPage:
    page = PublicPage(coalition_id=membership.coalition_id)
    db.session.add(page)
    db.session.flush()
    return page


def _held(membership: Membership) -> PublicPage | None:
    """Returns the coalition's page, locked until the commit."""
    lock(membership.coalition_id)
    return queries.page_of(membership)


def _call(membership: Membership, model: Any, key: str, called: Mapping[int, Called]) -> None:
    rows = db.session.scalars(sa.select(model).where(model.coalition_id == membership.coalition_id))
    there = {getattr(row, key): row for row in rows}
    for row_id, said in called.items():
        row = there.get(row_id)
        if row is None:
            if not said.title and not said.unit:
                continue
            row = model(coalition_id=membership.coalition_id, title="", is_shown=False, **{key: row_id})
            db.session.add(row)
        if row.title != said.title:
            _note(membership, model.__tablename__, row_id, "title")
        if row.is_shown is not said.is_shown:
            old = Called(row.title, row.is_shown).state
            _note(membership, model.__tablename__, row_id, "is_shown", old=old, new=said.state)
        row.title, row.is_shown = said.title, said.is_shown
        if hasattr(row, "unit"):
            row.unit = said.unit
    db.session.flush()


def _name(membership: Membership, agreements: frozenset[int]) -> None:
    own = PublicPartner.coalition_id == membership.coalition_id
    there = set(db.session.scalars(sa.select(PublicPartner.agreement_id).where(own)))
    for agreement_id in sorted(agreements - there):
        db.session.add(PublicPartner(coalition_id=membership.coalition_id, agreement_id=agreement_id))
        _note(membership, PublicPartner.__tablename__, agreement_id, "is_shown", new=Shown.SHOWN)
    for agreement_id in sorted(there - agreements):
        db.session.execute(sa.delete(PublicPartner).where(own, PublicPartner.agreement_id == agreement_id))
        _note(membership, PublicPartner.__tablename__, agreement_id, "is_shown", new=Shown.HIDDEN)
    db.session.flush()


# -- publishing


def publish(membership: Membership, *, announces: bool = False) -> bool:
    """Gives the page a link. Returns False if it has one already.

    Raises WrongState if there is nothing to see. If `announces`, a public announcement is something to see.
    """
    page = _held(membership)
    if not announces and not queries.shows_anything(membership):
        raise WrongState(
            _(
                "There is nothing to see yet. Make a part of About us public, mark a meeting as open to the "
                "public, or choose a goal of the current plan and give it a public title first."
            )
        )
    if page is None:
        page = _added(membership)
    if page.is_public:
        return False
    _give_link(page)
    history.note(membership, page, "state", PublicState.PRIVATE, PublicState.PUBLIC)
    audit_service.record(membership, AuditEvent.PUBLIC_LINK_MADE, page)
    return True


def renew(membership: Membership) -> bool:
    """Replaces the link; the old one stops working. Returns False if the page has none."""
    page = _held(membership)
    if page is None or not page.is_public:
        return False
    _give_link(page)
    history.note(membership, page, "state", PublicState.PUBLIC, PublicLink.RENEWED)
    audit_service.record(membership, AuditEvent.PUBLIC_LINK_RENEWED, page)
    return True


def revoke(membership: Membership) -> bool:
    """Revokes the link; the choices stay. Returns False if the page has no link."""
    page = _held(membership)
    if page is None or not page.is_public:
        return False
    page.nonce = page.token_hash = None
    history.note(membership, page, "state", PublicState.PUBLIC, PublicState.PRIVATE)
    audit_service.record(membership, AuditEvent.PUBLIC_LINK_REVOKED, page)
    return True


def _give_link(page: PublicPage) -> None:
    page.nonce = tokens.new_token()
    page.token_hash = tokens.hashed(tokens.derived(current_app.config["SECRET_KEY"], PURPOSE, page.nonce))


def _note(
    membership: Membership, thing: str, thing_id: int, field: str, *, old: Value = None, new: Value = None
) -> None:
    history.record(membership.coalition_id, membership.id, thing, thing_id, field, old=old, new=new)
