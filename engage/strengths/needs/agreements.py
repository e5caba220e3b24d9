"""Links needs to the agreements with organizations that serve them, from either side."""

import sqlalchemy as sa

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.database import along
from engage.extensions import db
from engage.partners.agreements.models import Agreement
from engage.strengths.models import AgreementNeed, Need
from engage.strengths.queries import NeedRef


def needs_of_agreement(membership: Membership, agreement_id: int) -> list[NeedRef]:
    """Returns the needs that the agreement serves, in the order of their numbers."""
    rows = (
        sa.select(Need.id, Need.number, Need.title, Need.closed_on)
        .join(AgreementNeed, along(AgreementNeed.need_id, Need))
        .where(Need.coalition_id == membership.coalition_id, AgreementNeed.agreement_id == agreement_id)
        .order_by(Need.number)
    )
    return [NeedRef(**row._mapping) for row in db.session.execute(rows)]


def needs_to_link(membership: Membership, agreement_id: int) -> list[tuple[int, str]]:
    """Returns the open needs that are not linked to the agreement yet, as (id, words)."""
    linked = sa.select(AgreementNeed.need_id).where(AgreementNeed.agreement_id == agreement_id)
    rows = (
        sa.select(Need.id, Need.number, Need.title)
        .where(Need.coalition_id == membership.coalition_id, Need.closed_on.is_(None), Need.id.not_in(linked))
        .order_by(Need.number)
    )
    return [(row.id, f"{row.number}. {row.title}") for row in db.session.execute(rows)]


def agreement_ids_of_need(membership: Membership, need_id: int) -> set[int]:
    """Returns the agreements that serve this need."""
    rows = sa.select(AgreementNeed.agreement_id).where(
        AgreementNeed.coalition_id == membership.coalition_id, AgreementNeed.need_id == need_id
    )
    return set(db.session.scalars(rows))


def link_need(membership: Membership, agreement: Agreement, need_id: int) -> None:
    """Links the need to the agreement; linking it twice changes nothing."""
    lock(agreement.coalition_id)
    there = sa.select(AgreementNeed.id).where(
        AgreementNeed.agreement_id == agreement.id, AgreementNeed.need_id == need_id
    )
    if db.session.scalar(there) is None:
        db.session.add(
            AgreementNeed(coalition_id=agreement.coalition_id, agreement_id=agreement.id, need_id=need_id)
        )
        history.note(membership, agreement, "need", new=need_id)


def unlink_need(membership: Membership, agreement: Agreement, need_id: int) -> None:
    """Removes the link; the agreement and the need stay."""
    gone = sa.delete(AgreementNeed).where(
        AgreementNeed.coalition_id == agreement.coalition_id,
        AgreementNeed.agreement_id == agreement.id,
        AgreementNeed.need_id == need_id,
    )
    if db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        history.note(membership, agreement, "need", old=need_id)
