"""Reads the links between agreements and the actions that they ask for, from either side."""

from collections.abc import Sequence

import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.database import SelectedRow, along
from engage.extensions import db
from engage.plan.models import Action, ActionAgreement, Plan
from engage.plan.rules import OPEN, PlanStatus


def actions_of_agreement(membership: Membership, agreement_id: int) -> Sequence[SelectedRow]:
    """Returns the actions that the agreement asks for, by number.

    `renews_end_on` is the end for which the action renews the agreement, if it does.
    """
    rows = (
        sa.select(
            Action.id,
            Action.number,
            Action.title,
            Action.status,
            Action.due_on,
            ActionAgreement.renews_end_on,
        )
        .join(ActionAgreement, along(ActionAgreement.action_id, Action))
        .where(Action.coalition_id == membership.coalition_id, ActionAgreement.agreement_id == agreement_id)
        .order_by(Action.number)
    )
    return db.session.execute(rows).all()


def actions_to_link(membership: Membership, agreement_id: int) -> list[tuple[int, str]]:
    """Returns the open actions of open plans that are not linked to the agreement yet, as (id, words)."""
    linked = sa.select(ActionAgreement.action_id).where(ActionAgreement.agreement_id == agreement_id)
    plans = sa.select(Plan.id).where(
        Plan.coalition_id == membership.coalition_id, Plan.status != PlanStatus.CLOSED
    )
    rows = (
        sa.select(Action.id, Action.number, Action.title)
        .where(Action.plan_id.in_(plans), Action.status.in_(OPEN), Action.id.not_in(linked))
        .order_by(Action.number)
    )
    return [(row.id, f"{row.number}. {row.title}") for row in db.session.execute(rows)]


def agreement_ids_of_action(membership: Membership, action_id: int) -> set[int]:
    """Returns the agreements that ask for this action."""
    rows = sa.select(ActionAgreement.agreement_id).where(
        ActionAgreement.coalition_id == membership.coalition_id, ActionAgreement.action_id == action_id
    )
    return set(db.session.scalars(rows))
