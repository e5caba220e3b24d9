"""The sample coalition's plan: goals, objectives, actions with their updates, adopted three weeks ago."""

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

import sqlalchemy as sa

from engage.assessment.models import Round
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.moments import local_day
from engage.plan import structure, trash
from engage.plan.activity_rules import ActivityKind
from engage.plan.measure_rules import Direction, MeasureKind, NumberKind
from engage.plan.models import (
    Action,
    Activity,
    Goal,
    Measure,
    Objective,
    Plan,
    Reading,
    Repeat,
    Review,
    ReviewNote,
    Update,
)
from engage.plan.repeat_rules import RepeatUnit, Rule, Series
from engage.plan.rules import ActionStatus, PlanStatus

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_plan(sample: "Sample", rounds: Mapping[str, Round]) -> None:
    """Write the whole plan; actions are numbered in the order of the file."""
    about = sample.source["plan"]
    starts, ends = sample.day(about["starts"]), sample.day(about["ends"])
    assert starts is not None
    assert ends is not None
    plan = sample.add(
        Plan,
        title=f"{about['title']} {starts.year}-{ends.year % 100}",
        status=PlanStatus.ADOPTED,
        starts_on=starts,
        ends_on=ends,
        adopted_on=sample.day(about["adopted"]),
        created_at=sample.moment(about["starts"]),
    )
    writer = _Writer(sample, plan, rounds)
    for place, values in enumerate(about["goals"], start=1):
        goal = sample.add(
            Goal,
            plan_id=plan.id,
            position=place,
            title=values["title"],
            why=values["why"],
            area=values["area"],
        )
        structure.tie_needs(
            sample.people["maria"], goal, {sample.needs[key].id for key in values.get("needs", ())}
        )
        for position, objective in enumerate(values["objectives"], start=1):
            row = sample.add(
                Objective,
                goal_id=goal.id,
                position=position,
                title=objective["title"],
                measure=objective["measure"],
                due_on=sample.day(objective["due"]),
            )
            for measure in objective.get("measures", ()):
                _add_measure(sample, row, measure)
            for action in objective["actions"]:
                writer.add(action, goal_id=goal.id, objective_id=row.id)
        for action in values.get("actions", ()):
            writer.add(action, goal_id=goal.id)
    for action in about["loose"]:
        writer.add(action)
    for activity in about["activities"]:
        _add_activity(sample, activity)
    _put_in_trash(sample, plan, about["deleted_goal"])
    for review in about["reviews"]:
        _add_review(sample, plan, review)


def _put_in_trash(sample: "Sample", plan: Plan, title: str) -> None:
    """A goal that was thought better of, so that the trash shows what it is for."""
    goal = sample.add(Goal, plan_id=plan.id, position=99, title=title)
    trash.delete_goal(sample.people["maria"], goal)


def _add_measure(sample: "Sample", objective: Objective, values: dict[str, Any]) -> None:
    (start, start_day), (target, target_day) = values["start"], values["target"]
    measure = sample.add(
        Measure,
        objective_id=objective.id,
        title=values["title"],
        kind=MeasureKind(values.get("kind", "how_much")),
        number_kind=NumberKind(values.get("number", "count")),
        unit=values.get("unit", ""),
        direction=Direction(values.get("direction", "up")),
        baseline_value=start,
        baseline_on=sample.day(start_day),
        target_value=target,
        target_on=sample.day(target_day),
        created_at=sample.moment(start_day),
    )
    for value, day, source, writer in values.get("readings", ()):
        sample.add(
            Reading,
            measure_id=measure.id,
            taken_on=sample.day(day),
            value=value,
            source=source,
            written_at=sample.moment(day),
            written_by_id=sample.people[writer].id,
        )


def _add_activity(sample: "Sample", values: dict[str, Any]) -> None:
    """Its `of` is the title of the action or the goal that it belongs to."""
    goal, action = (
        db.session.scalar(sa.select(model.id).where(model.title == values.get("of", "")))
        for model in (Goal, Action)
    )
    sample.add(
        Activity,
        kind=ActivityKind(values["kind"]),
        happened_on=sample.day(values["day"]),
        title=values["title"],
        discipline=values.get("for", ""),
        reached=values.get("reached"),
        hours=values.get("hours"),
        goal_id=goal,
        action_id=action,
        created_at=sample.moment(values["day"]),
        created_by_id=sample.people[values["by"]].id,
    )


def _add_review(sample: "Sample", plan: Plan, values: dict[str, Any]) -> None:
    """Held at one of the meetings; its notes name goals by their titles."""
    meeting = sample.meetings[values["meeting"]]
    review = sample.add(
        Review,
        plan_id=plan.id,
        since=sample.day(values["since"]),
        until=sample.day(values["until"]),
        held_on=local_day(meeting.starts_at, sample.coalition.time_zone),
        meeting_id=meeting.id,
        next_on=sample.day(values["next"]),
        assess_on=sample.day(values["assess"]),
        created_at=meeting.starts_at,
        created_by_id=sample.people[values["by"]].id,
    )
    for title, text in values["notes"].items():
        goal = db.session.scalars(
            sa.select(Goal.id).where(Goal.plan_id == plan.id, Goal.title == title)
        ).one()
        sample.add(ReviewNote, review_id=review.id, goal_id=goal, text=text)


def _repeat(sample: "Sample", action: Action, due: date, unit: RepeatUnit) -> None:
    """From its date on, and so far only this once."""
    series = Series(Rule(unit, day=due.day), due)
    repeat = sample.add(Repeat, unit=unit, day=due.day, anchor_on=due, last_on=due, next_on=series.after(due))
    action.repeat_id, action.repeat_on = repeat.id, due


class _Writer:
    """Adds actions with their numbers, history and updates."""

    def __init__(self, sample: "Sample", plan: Plan, rounds: Mapping[str, Round]) -> None:
        self.sample, self.plan, self.rounds = sample, plan, rounds
        self.number = 0

    def add(self, values: dict[str, Any], **place: int) -> None:
        sample = self.sample
        self.number += 1
        owner = sample.people[values["owner"]]
        organization = sample.organizations.get(values.get("organization", ""))
        status: ActionStatus = ActionStatus(values["status"])
        due: int | None = values.get("due")
        moved: int = -(self.number % 27) - 1
        if status is ActionStatus.DONE and due is not None:
            moved = min(due, -1)
        # It answers the last closed round, or the one before.
        around = "earlier" if "from_earlier" in values else "closed"
        indicator: str = values.get("from", values.get("from_earlier", ""))
        created = min(-120 + self.number, moved)
        action = sample.add(
            Action,
            number=self.number,
            plan_id=self.plan.id,
            title=values["title"],
            owner_id=owner.id,
            organization_id=organization.id if organization else None,
            start_on=sample.day(values.get("start")),
            due_on=sample.day(due),
            status=status,
            reason=values.get("reason", ""),
            done_on=sample.day(moved) if status is ActionStatus.DONE else None,
            resources_needed=values.get("needed", ""),
            round_id=self.rounds[around].id if indicator else None,
            indicator=indicator,
            created_at=sample.moment(created),
            created_by_id=sample.people["maria"].id,
            moved_at=sample.moment(moved),
            **place,
        )
        if "repeats" in values and action.due_on is not None:
            _repeat(sample, action, action.due_on, RepeatUnit(values["repeats"]))
        if status is not ActionStatus.NOT_STARTED:
            sample.add(
                HistoryEntry,
                happened_at=action.moved_at,
                actor_id=owner.id if owner.user_id else sample.people["maria"].id,
                thing="plan_action",
                thing_id=action.id,
                field="status",
                old=ActionStatus.NOT_STARTED,
                new=status,
            )
        if text := values.get("update"):
            sample.add(
                Update,
                action_id=action.id,
                author_id=owner.id,
                written_at=action.moved_at,
                text=text,
            )
