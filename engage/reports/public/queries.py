"""Reads what a coalition chose for its public page, and which of it may be shown today."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

import sqlalchemy as sa

from engage import clock, tokens
from engage.coalitions.about import queries as about_queries
from engage.coalitions.models import Coalition, Membership
from engage.database import Selection, along
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.public import any_open
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.plan.measures.models import Measure
from engage.plan.models import Goal, Objective, Plan
from engage.plan.public.queries import any_open_event
from engage.plan.rules import PlanStatus
from engage.reports.models import PublicGoal, PublicMeasure, PublicPage, PublicPartner
from engage.reports.public.rules import Called

MOVES_SHOWN = 10


class MeasureName(NamedTuple):
    """A measure of the plan, with its goal and its public name."""

    id: int
    goal_id: int
    called: Called


class PublicMove(NamedTuple):
    """A change of the public page: published, revoked or given a new link, with the time and the person."""

    happened_at: datetime
    actor: str
    new: str


def page_of(membership: Membership) -> PublicPage | None:
    return db.session.scalar(sa.select(PublicPage).where(PublicPage.coalition_id == membership.coalition_id))


def coalition_by_token(token: str) -> Coalition | None:
    """Returns the coalition whose page the link opens; None for a link that opens none, or that has ended."""
    rows = (
        sa.select(Coalition)
        .join(PublicPage, PublicPage.coalition_id == Coalition.id)
        .where(PublicPage.token_hash == tokens.hashed(token), Coalition.closed_at.is_(None))
    )
    return db.session.scalar(rows)


def goals_called(membership: Membership, plan_id: int) -> dict[int, Called]:
    """Returns the public titles of the plan's goals in order, without goals that have no public title."""
    rows = (
        sa.select(PublicGoal.goal_id, PublicGoal.title, PublicGoal.is_shown)
        .join(Goal, along(PublicGoal.goal_id, Goal))
        .where(PublicGoal.coalition_id == membership.coalition_id, Goal.plan_id == plan_id)
        .order_by(Goal.position, Goal.id)
    )
    return {key: Called(title, is_shown) for key, title, is_shown in db.session.execute(rows)}


def shows_no_goal_of(membership: Membership, plan_id: int) -> bool:
    """Returns whether the page is public and no goal of this plan is chosen for it."""
    page = page_of(membership)
    chosen = goals_called(membership, plan_id).values()
    return page is not None and page.is_public and not any(called.is_shown for called in chosen)


def earlier_titles(membership: Membership, plan_id: int) -> dict[str, str]:
    """Returns public titles of other plans' goals, by the goals' own titles, since next year's are often the same."""
    rows = (
        sa.select(Goal.title, PublicGoal.title)
        .join(Goal, along(PublicGoal.goal_id, Goal))
        .where(
            PublicGoal.coalition_id == membership.coalition_id,
            PublicGoal.title != "",
            Goal.plan_id != plan_id,
        )
        .order_by(PublicGoal.id)
    )
    return dict(db.session.execute(rows).all())


def measures_called(membership: Membership, plan_id: int) -> list[MeasureName]:
    """Returns all measures of the plan in the order of its page; the public title may be empty."""
    rows = (
        sa.select(
            Measure.id, Objective.goal_id, PublicMeasure.title, PublicMeasure.is_shown, PublicMeasure.unit
        )
        .select_from(Measure)
        .join(Objective, along(Measure.objective_id, Objective))
        .join(Goal, along(Objective.goal_id, Goal))
        .outerjoin(PublicMeasure, along(PublicMeasure.measure_id, Measure))
        .where(Measure.coalition_id == membership.coalition_id, Goal.plan_id == plan_id)
        .order_by(Goal.position, Goal.id, Objective.position, Objective.id, Measure.id)
    )
    return [
        MeasureName(key, goal_id, Called(title or "", bool(is_shown), unit or ""))
        for key, goal_id, title, is_shown, unit in db.session.execute(rows)
    ]


# The agreement itself must allow naming now; a tick alone is not enough.
_MAY_BE_NAMED = (Agreement.named_on.is_not(None), Agreement.unnamed_on.is_(None))


def agreements_ticked(membership: Membership) -> set[int]:
    """Returns the ids of the ticked agreements that still allow naming the organization."""
    rows = (
        sa.select(PublicPartner.agreement_id)
        .join(Agreement, along(PublicPartner.agreement_id, Agreement))
        .where(PublicPartner.coalition_id == membership.coalition_id, *_MAY_BE_NAMED)
    )
    return set(db.session.scalars(rows))


def partners_named(membership: Membership) -> list[str]:
    """Returns the organizations that the public page names today, each once, by name."""
    rows = (
        sa.select(Organization.name, Organization.sort_key)
        .join(Agreement, along(Agreement.organization_id, Organization))
        .join(PublicPartner, along(PublicPartner.agreement_id, Agreement))
        .where(PublicPartner.coalition_id == membership.coalition_id, *_MAY_BE_NAMED)
        .distinct()
        .order_by(Organization.sort_key)
    )
    return [name for name, _key in db.session.execute(rows)]


def shows_anything(membership: Membership) -> bool:
    """Returns whether there is anything to see: a goal, a partner, a part of About us, an open meeting or event."""
    zone = membership.coalition.time_zone
    today = clock.today(zone)
    return (
        about_queries.shows_anything(membership)
        or any_open(membership.coalition_id, clock.start_of_day(today, zone))
        or any_open_event(membership.coalition_id, today)
        or _shows_a_goal(membership)
        or bool(partners_named(membership))
    )


def _shows_a_goal(membership: Membership) -> bool:
    """Returns whether a goal of the current plan is shown under a public title."""
    rows: Selection = (
        sa.select(PublicGoal.id)
        .join(Goal, along(PublicGoal.goal_id, Goal))
        .join(Plan, along(Goal.plan_id, Plan))
        .where(
            PublicGoal.coalition_id == membership.coalition_id,
            PublicGoal.is_shown,
            Plan.status == PlanStatus.ADOPTED,
        )
    )
    return db.session.scalar(rows.limit(1)) is not None


def moves_of(page: PublicPage) -> Sequence[PublicMove]:
    """Returns the changes of the public page's link, latest first."""
    rows = (
        sa.select(HistoryEntry.happened_at, sa.func.coalesce(Membership.name, ""), HistoryEntry.new)
        .outerjoin(Membership, along(HistoryEntry.actor_id, Membership))
        .where(
            HistoryEntry.coalition_id == page.coalition_id,
            HistoryEntry.thing == PublicPage.__tablename__,
            HistoryEntry.thing_id == page.id,
            HistoryEntry.field == "state",
        )
        .order_by(HistoryEntry.id.desc())
        .limit(MOVES_SHOWN)
    )
    return [PublicMove(happened_at, actor, new or "") for happened_at, actor, new in db.session.execute(rows)]
