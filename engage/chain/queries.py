"""Reads the links of the chain: those of the whole coalition, or those around one thing.

Each reading takes at most one query for each kind of thing, however many rows there are.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.orm import InstrumentedAttribute, aliased

from engage.chain.rules import (
    ActionFact,
    ChainIdea,
    DecisionFact,
    GoalFact,
    Links,
    MatchFact,
    NeedFact,
    ObjectiveFact,
)
from engage.checklist.models import Item
from engage.coalitions.models import Membership
from engage.database import SelectedRow, Selection, along
from engage.extensions import db
from engage.meetings.models import Decision
from engage.partners.models import Affiliation, Organization
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact
from engage.plan.models import Action, ActionAgreement, ActionNote, Goal, GoalNeed, Objective, Plan
from engage.plan.rules import PlanStatus
from engage.strengths.models import Match, Need, Strength
from engage.toolkit.models import Note, Outcome, Section

_OwnOrganization = aliased(Organization)
_HERE: sa.BindParameter[int] = sa.bindparam("coalition_id")
_IS_OPEN = (Plan.status != PlanStatus.CLOSED).label("is_open")
_IDEA = (
    Note.id.label("note_id"),
    Note.area.label("note_area"),
    sa.func.coalesce(Section.key, "").label("section"),
)


def _needs() -> Selection:
    return (
        sa.select(
            Need.id,
            Need.number,
            Need.title,
            Need.area,
            Need.closed_on.is_(None).label("is_open"),
            Need.round_id,
            Need.indicator,
            *_IDEA,
        )
        .outerjoin(Outcome, along(Outcome.need_id, Need))
        .outerjoin(Note, along(Outcome.note_id, Note))
        .outerjoin(Section, along(Note.section_id, Section))
        .where(Need.coalition_id == _HERE)
        .order_by(Need.number)
    )


def _matches() -> Selection:
    return (
        sa.select(
            Match.id,
            Match.need_id,
            Match.strength_id,
            Strength.title.label("strength"),
            Match.state,
            Strength.withdrawn_on.is_(None).label("is_offered"),
            sa.func.coalesce(Membership.name, "").label("giver"),
            sa.func.coalesce(Organization.name, "").label("organization"),
        )
        .join(Strength, along(Match.strength_id, Strength))
        .outerjoin(Membership, along(Strength.giver_id, Membership))
        .outerjoin(Organization, along(Strength.organization_id, Organization))
        .where(Match.coalition_id == _HERE)
        .order_by(Match.id)
    )


def _goals() -> Selection:
    return (
        sa.select(Goal.id, Goal.title, Goal.area, _IS_OPEN)
        .join(Plan, along(Goal.plan_id, Plan))
        .where(Goal.coalition_id == _HERE)
        .order_by(Goal.plan_id, Goal.position, Goal.id)
    )


def _goal_needs() -> Selection:
    return (
        sa.select(GoalNeed.goal_id, GoalNeed.need_id)
        .where(GoalNeed.coalition_id == _HERE)
        .order_by(GoalNeed.id)
    )


def _objectives() -> Selection:
    return (
        sa.select(Objective.id, Objective.goal_id, Objective.title, Objective.measure)
        .where(Objective.coalition_id == _HERE)
        .order_by(Objective.goal_id, Objective.position, Objective.id)
    )


def _decisions() -> Selection:
    return (
        sa.select(Decision.id, Decision.number, Decision.text, Decision.no_action)
        .where(Decision.coalition_id == _HERE)
        .order_by(Decision.number)
    )


_RENEWS = (
    sa.exists()
    .where(along(ActionAgreement.action_id, Action), ActionAgreement.renews_end_on.is_not(None))
    .correlate(Action)
)


def _actions() -> Selection:
    return (
        sa.select(
            Action.id,
            Action.number,
            Action.title,
            Action.status,
            _IS_OPEN,
            Action.due_on,
            Action.done_on,
            Action.goal_id,
            Action.objective_id,
            Action.need_id,
            Action.match_id,
            Action.round_id,
            Action.indicator,
            Item.key.label("item"),
            sa.func.coalesce(Membership.name, "").label("owner"),
            # The partner's name, or else the organization of the person who leads; shown to readers who see
            # no names.
            sa.func.coalesce(Organization.name, _OwnOrganization.name, "").label("organization"),
            Action.decision_id,
            _RENEWS.label("renews"),
            *_IDEA,
        )
        .join(Plan, along(Action.plan_id, Plan))
        .outerjoin(ActionNote, along(ActionNote.action_id, Action))
        .outerjoin(Note, along(ActionNote.note_id, Note))
        .outerjoin(Section, along(Note.section_id, Section))
        .outerjoin(Item, along(Action.item_id, Item))
        .outerjoin(Membership, along(Action.owner_id, Membership))
        .outerjoin(Organization, along(Action.organization_id, Organization))
        .outerjoin(Affiliation, along(Affiliation.membership_id, Membership))
        .outerjoin(_OwnOrganization, along(Affiliation.organization_id, _OwnOrganization))
        .where(Action.coalition_id == _HERE)
        .order_by(Action.number)
    )


_KEYS: sa.BindParameter[int] = sa.bindparam("keys", expanding=True)


# A statement is built once for each kind of thing: an action's page takes half as long again without.
@cache
def _some(rows: Callable[[], Selection], key: InstrumentedAttribute[object]) -> Selection:
    return rows().where(key.in_(_KEYS))


class _Reader(Struct, frozen=True):
    membership: Membership

    def rows(self, select: Selection, *where: sa.ColumnElement[bool]) -> list[SelectedRow]:
        wanted = select.where(*where) if where else select
        return list(db.session.execute(wanted, {"coalition_id": self.membership.coalition_id}))

    def among(
        self, rows: Callable[[], Selection], key: InstrumentedAttribute[object], keys: Collection[int]
    ) -> list[SelectedRow]:
        """Reads rows with one of these keys; without keys it runs no query, since most actions have few links."""
        asked = {"coalition_id": self.membership.coalition_id, "keys": list(keys)}
        return list(db.session.execute(_some(rows, key), asked)) if keys else []

    def needs(self, keys: Collection[int]) -> list[NeedFact]:
        return [NeedFact(**_with_idea(row)) for row in self.among(_needs, Need.id, keys)]

    def actions(self, *where: sa.ColumnElement[bool]) -> list[ActionFact]:
        return [ActionFact(**_with_idea(row)) for row in self.rows(_actions(), *where)]

    def goal_needs(self, key: InstrumentedAttribute[object], keys: Collection[int]) -> list[tuple[int, int]]:
        return [(goal, need) for goal, need in self.among(_goal_needs, key, keys)]

    def measures(self, objectives: Iterable[ObjectiveFact]) -> dict[int, list[MeasureFact]]:
        keys = {each.id for each in objectives}
        return measures_queries.measures_of(self.membership, keys, most=1) if keys else {}


def _with_idea(row: SelectedRow) -> dict[str, Any]:
    """Returns the row's fields; the columns of `_IDEA` say from which shared note it was made, if any."""
    values = dict(row._mapping)
    note_id, area, section = (values.pop(column.name) for column in _IDEA)
    return {**values, "idea": ChainIdea(note_id, area, section) if note_id is not None else None}


def all_links(membership: Membership) -> Links:
    """Reads everything of the coalition in eight queries."""
    read = _Reader(membership)
    return _links(
        [NeedFact(**_with_idea(row)) for row in read.rows(_needs())],
        [MatchFact(**row._mapping) for row in read.rows(_matches())],
        [GoalFact(**row._mapping) for row in read.rows(_goals())],
        [ObjectiveFact(**row._mapping) for row in read.rows(_objectives())],
        read.actions(),
        [(goal, need) for goal, need in read.rows(_goal_needs())],
        [DecisionFact(**row._mapping) for row in read.rows(_decisions())],
        measures_queries.measures_of(membership, most=1),
    )


def links_of_needs(membership: Membership, need_ids: Collection[int]) -> Links:
    """Reads what is linked to these needs, in at most eight queries."""
    read = _Reader(membership)
    goal_needs = read.goal_needs(GoalNeed.need_id, need_ids)
    goals = [goal for goal, _need in goal_needs]
    actions = read.actions(sa.or_(Action.need_id.in_(need_ids), Action.goal_id.in_(goals)))
    return _around(read, read.needs(need_ids), actions, goal_needs)


def links_of_goal(membership: Membership, goal_id: int) -> Links:
    """Reads what is linked to a goal: its needs, objectives and actions, in at most eight queries."""
    read = _Reader(membership)
    goal_needs = read.goal_needs(GoalNeed.goal_id, [goal_id])
    actions = read.actions(Action.goal_id == goal_id)
    wanted = {need for _goal, need in goal_needs} | {
        each.need_id for each in actions if each.need_id is not None
    }
    return _around(read, read.needs(wanted), actions, goal_needs, goal_id)


def links_of_action(membership: Membership, action: Action) -> Links:
    """Reads what is linked to one action, without the other parts of its goal, in at most eight queries."""
    read = _Reader(membership)
    goal_needs = read.goal_needs(GoalNeed.goal_id, [action.goal_id] if action.goal_id is not None else [])
    wanted = {need for _goal, need in goal_needs} if action.need_id is None else {action.need_id}
    actions = [ActionFact(**_with_idea(row)) for row in read.among(_actions, Action.id, [action.id])]
    return _around(read, read.needs(wanted), actions, goal_needs)


def links_of_decision(membership: Membership, decision_id: int) -> Links:
    """Reads what came from a decision, in at most eight queries."""
    read = _Reader(membership)
    actions = read.actions(Action.decision_id == decision_id)
    goals = {each.goal_id for each in actions if each.goal_id is not None and each.need_id is None}
    goal_needs = read.goal_needs(GoalNeed.goal_id, goals)
    wanted = {need for _goal, need in goal_needs} | {
        each.need_id for each in actions if each.need_id is not None
    }
    return _around(read, read.needs(wanted), actions, goal_needs)


def links_of_indicators(membership: Membership, round_id: int) -> Links:
    """Reads what is linked to the low ratings of a round: needs made from them, and everything that followed."""
    read = _Reader(membership)
    needs = [NeedFact(**_with_idea(row)) for row in read.rows(_needs(), Need.round_id == round_id)]
    made = [each.id for each in needs]
    actions = read.actions(sa.or_(Action.need_id.in_(made), Action.round_id == round_id))
    return _around(read, needs, actions, read.goal_needs(GoalNeed.need_id, made))


def _around(
    read: _Reader,
    needs: Iterable[NeedFact],
    actions: Iterable[ActionFact],
    goal_needs: Collection[tuple[int, int]],
    goal_id: int | None = None,
) -> Links:
    """Adds the matches of the needs, and the goals and objectives of everything that was read."""
    needs, actions = list(needs), list(actions)
    goals = {goal for goal, _need in goal_needs} | {
        each.goal_id for each in actions if each.goal_id is not None
    }
    goals |= {goal_id} if goal_id is not None else set()
    decisions = {each.decision_id for each in actions if each.decision_id is not None}
    objectives = [ObjectiveFact(**row._mapping) for row in read.among(_objectives, Objective.goal_id, goals)]
    return _links(
        needs,
        [
            MatchFact(**row._mapping)
            for row in read.among(_matches, Match.need_id, [each.id for each in needs])
        ],
        [GoalFact(**row._mapping) for row in read.among(_goals, Goal.id, goals)],
        objectives,
        actions,
        goal_needs,
        [DecisionFact(**row._mapping) for row in read.among(_decisions, Decision.id, decisions)],
        read.measures(objectives),
    )


def _links(
    needs: Iterable[NeedFact],
    matches: Iterable[MatchFact],
    goals: Iterable[GoalFact],
    objectives: Iterable[ObjectiveFact],
    actions: Iterable[ActionFact],
    goal_needs: Collection[tuple[int, int]],
    decisions: Iterable[DecisionFact],
    measured: Mapping[int, Sequence[MeasureFact]],
) -> Links:
    return Links(
        {each.id: each for each in needs},
        {each.id: each for each in matches},
        {each.id: each for each in goals},
        {each.id: each for each in objectives},
        {each.id: each for each in actions},
        goal_needs,
        {each.id: each for each in decisions},
        measured,
    )
