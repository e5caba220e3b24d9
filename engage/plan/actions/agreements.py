"""Makes actions from agreements with organizations, and links actions to the agreements that ask for them."""

from datetime import date

import sqlalchemy as sa

from engage import history
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.extensions import db
from engage.partners.agreements.models import Agreement
from engage.plan.actions import service
from engage.plan.models import Action, ActionAgreement


def act_on_agreement(
    membership: Membership, agreement: Agreement, title: str, owner_id: int | None
) -> Action:
    """Returns the action with this title that the agreement asks for; makes it if needed, but never twice."""
    lock(agreement.coalition_id)
    asked = sa.select(ActionAgreement.action_id).where(ActionAgreement.agreement_id == agreement.id)
    of_agreement = Action.id.in_(asked), Action.title == title
    found = db.session.scalar(sa.select(Action).where(*of_agreement).order_by(Action.number).limit(1))
    if found is not None:
        return found
    made = service.create_action(
        membership, title=title, owner_id=owner_id, organization_id=agreement.organization_id
    )
    link_action(membership, agreement, made.id)
    return made


def link_action(
    membership: Membership | None, agreement: Agreement, action_id: int, renews_end_on: date | None = None
) -> None:
    """Links the action to the agreement; a second call changes nothing. The daily job has no `membership`."""
    lock(agreement.coalition_id)
    there = sa.select(ActionAgreement.id).where(
        ActionAgreement.agreement_id == agreement.id, ActionAgreement.action_id == action_id
    )
    if db.session.scalar(there) is None:
        db.session.add(
            ActionAgreement(
                coalition_id=agreement.coalition_id,
                agreement_id=agreement.id,
                action_id=action_id,
                renews_end_on=renews_end_on,
            )
        )
        history.note(membership, agreement, "action", new=action_id)


def unlink_action(membership: Membership, agreement: Agreement, action_id: int) -> None:
    """Removes the link; the agreement and the action stay."""
    gone = sa.delete(ActionAgreement).where(
        ActionAgreement.coalition_id == agreement.coalition_id,
        ActionAgreement.agreement_id == agreement.id,
        ActionAgreement.action_id == action_id,
    )
    if db.session.execute(gone).rowcount:  # type: ignore[attr-defined]
        history.note(membership, agreement, "action", old=action_id)
