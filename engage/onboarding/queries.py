"""Reads Getting Started, within one coalition: the path, thresholds and coordinators' decisions."""

from collections.abc import Mapping, Sequence
from functools import cached_property

import sqlalchemy as sa
from msgspec import Struct
from msgspec.structs import replace

from engage import clock
from engage.assessment.results.queries import released
from engage.checklist import queries as checklist
from engage.checklist.rules import ChecklistProgress as TipsProgress
from engage.checklist.rules import ItemState, progress
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.queries import active, expected_sectors
from engage.content.loader import content
from engage.database import along
from engage.extensions import db
from engage.meetings import queries as meetings
from engage.onboarding.evidence.queries import keeping
from engage.onboarding.evidence.rules import (
    BOUNDS,
    LineKey,
    Records,
    RoundEvidence,
    Thresholds,
    best_round,
    best_session,
    is_area_answered,
)
from engage.onboarding.models import StepOverride, Threshold
from engage.onboarding.rules import (
    OnboardingStep,
    Override,
    PeopleHere,
    StepKey,
    StepsDone,
    next_step,
    states,
    steps,
    steps_done,
)
from engage.partners import steps as steps_queries
from engage.plan.plans.queries import step_counts
from engage.strengths import queries as strengths
from engage.toolkit import queries as toolkit


class Path(Struct, frozen=True, dict=True):
    """The eight steps, according to the current records."""

    steps: tuple[OnboardingStep, ...]
    thresholds: Thresholds
    # The names of coordinators who declared a step complete, by membership id.
    deciders: Mapping[int, str]
    # The counts of Tips for Success, which Home shows, too.
    tips: TipsProgress

    @cached_property
    def next(self) -> StepKey | None:
        """Returns the step to work on; None if the first seven are complete."""
        return next_step(states(self.steps), {step.key: step.share for step in self.steps})

    @cached_property
    def done(self) -> StepsDone:
        return steps_done(states(self.steps))

    @property
    def is_first_evening(self) -> bool:
        """Returns whether nothing is recorded yet in the steps, so that Home may offer the first evening."""
        begun = {LineKey.CLOSED_ROUNDS, LineKey.GOALS}
        return not any(line.have for step in self.steps for line in step.lines if line.key in begun)

    def step(self, key: StepKey) -> OnboardingStep:
        return next(step for step in self.steps if step.key is key)


def path_of(membership: Membership, *, whole: bool = True) -> Path:
    """Returns the coalition's path, in a fixed number of queries.

    Without `whole`, it skips the records of the eighth step, which is never next.
    """
    thresholds = thresholds_of(membership)
    overrides, deciders = _overrides(membership)
    tips = checklist.states_of(membership)
    records = _records(membership, thresholds, tips)
    if whole:
        records = replace(records, **_kept_alive(membership, thresholds))
    return Path(steps(records, thresholds, overrides), thresholds, deciders, progress(tips))


def people_here(membership: Membership, thresholds: Thresholds) -> PeopleHere:
    """Counts the members, and how many more can come by links that were sent or are open, in one query."""
    here = sa.select(sa.func.count(Membership.id)).where(
        Membership.coalition_id == membership.coalition_id, *active()
    )
    invited = sa.select(sa.func.coalesce(sa.func.sum(Invitation.uses_left), 0)).where(
        Invitation.coalition_id == membership.coalition_id,
        *invitations_service.usable(),
        sa.not_(sa.and_(*invitations_service.unsent())),
    )
    row = db.session.execute(sa.select(here.label("here"), invited.label("invited"))).one()
    return PeopleHere(row.here, row.invited, thresholds.round_people)


def thresholds_of(membership: Membership) -> Thresholds:
    """Returns the coalition's thresholds; the default for one that is not set or is out of bounds."""
    rows = sa.select(Threshold.key, Threshold.value).where(Threshold.coalition_id == membership.coalition_id)
    own = {
        key: value
        for key, value in db.session.execute(rows)
        if key in Thresholds.__struct_fields__ and BOUNDS[key].low <= value <= BOUNDS[key].high
    }
    return Thresholds(**own)


def override_of(membership: Membership, key: StepKey) -> StepOverride | None:
    """Returns the coordinators' declaration about this step."""
    return db.session.scalar(
        sa.select(StepOverride).where(
            StepOverride.coalition_id == membership.coalition_id, StepOverride.step == key
        )
    )


def _overrides(membership: Membership) -> tuple[dict[StepKey, Override], dict[int, str]]:
    rows = (
        sa.select(StepOverride, Membership.name)
        .outerjoin(Membership, along(StepOverride.decided_by_id, Membership))
        .where(StepOverride.coalition_id == membership.coalition_id)
    )
    found: dict[StepKey, Override] = {}
    names: dict[int, str] = {}
    for row, name in db.session.execute(rows):
        if row.step in set(StepKey):
            by = row.decided_by_id or 0
            day = clock.local_day(row.decided_at, membership.coalition.time_zone)
            found[StepKey(row.step)] = Override(row.reason, by, day)
            names[by] = name or ""
    return found, names


def _records(membership: Membership, thresholds: Thresholds, tips: Sequence[ItemState]) -> Records:
    coalition_id, expected = membership.coalition_id, expected_sectors(membership.coalition)
    learned = toolkit.step_counts(coalition_id)
    offered = strengths.step_counts(coalition_id)
    rounds = released.round_counts(coalition_id)
    best = best_round(_closed(rounds, thresholds), thresholds)
    plan = step_counts(coalition_id)
    related = steps_queries.step_counts(coalition_id)
    here = expected & related.sectors_here
    sessions = meetings.held_sessions(coalition_id)
    session = best_session(sessions, thresholds)
    return Records(
        people_read=learned.people_read,
        areas_noted=learned.areas_noted,
        areas=len(content().areas),
        sections_noted=learned.sections_noted,
        closed_rounds=sum(each.is_closed for each in rounds),
        best_round_people=best.people if best else 0,
        best_round_sectors=best.sectors if best else 0,
        best_round_areas_answered=best.areas_answered if best else 0,
        best_round_areas=best.areas if best else 0,
        open_round=any(not each.is_closed for each in rounds),
        strengths=offered.strengths,
        strength_kinds=offered.kinds,
        needs=offered.needs,
        needs_answered=offered.needs_answered,
        contacts=related.contacts,
        sectors_expected=len(expected),
        sectors_here=len(here),
        sectors_talked=len(here & related.sectors_talked),
        sectors_filled=len(expected & (here | related.sectors_of_people | related.sectors_asked)),
        tip_items=len(tips),
        tip_items_looked_at=sum(state is not ItemState.NOT_YET for state in tips),
        sessions=len(sessions),
        session_sectors=len(session.sectors) if session else 0,
        session_decisions=session.decisions if session else 0,
        needs_rated=offered.needs_rated,
        adopted_plan=plan.adopted_plan,
        goals=plan.goals,
        goals_with_objective=plan.goals_with_objective,
        goals_measured=plan.goals_measured,
        objectives=plan.objectives,
        objectives_with_action=plan.objectives_with_action,
    )


def _kept_alive(membership: Membership, thresholds: Thresholds) -> dict[str, object]:
    found = keeping(membership, thresholds.review_weeks)
    today = clock.today(membership.coalition.time_zone)
    return {
        "reviewed_on": found.reviewed_on,
        "review_due_on": found.next_on,
        "review_is_current": found.reviewed_on is not None
        and found.next_on is not None
        and today <= found.next_on,
        "stuck": found.stuck,
        "stuck_discussed": found.stuck_discussed,
        "assess_on": found.assess_on,
        "assessment_is_set": found.assess_on is not None and today <= found.assess_on,
    }


def _closed(rounds: list[released.RoundCounts], thresholds: Thresholds) -> list[RoundEvidence]:
    return [
        RoundEvidence(
            each.people,
            each.sectors,
            sum(
                is_area_answered(area.shown, area.applicable, thresholds.answered_percent)
                for area in each.areas
            ),
            # Areas that do not apply to the coalition need no answers.
            sum(area.applicable > 0 for area in each.areas),
        )
        for each in rounds
        if each.is_closed
    ]
