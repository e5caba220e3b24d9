"""Writes many coalitions at once, to test an installation with a thousand of them.

Their people do not exist.
"""

import secrets
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa

from engage import clock
from engage.accounts import passwords
from engage.accounts.models import User
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role, Stage
from engage.content.loader import content
from engage.extensions import db
from engage.meetings.models import Attendance, Meeting
from engage.meetings.rules import MeetingKind
from engage.operations.refused import Refused
from engage.partners.models import Affiliation, Organization
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.strengths.models import Need

# The slugs of these coalitions and the addresses of their people start with this.
SEEDED = "seed"
GOALS, MEETINGS, NEEDS = 10, 12, 10
STATES = list(ActionStatus)

Of = dict[str, int]


def insert(model: Any, rows: list[dict[str, object]]) -> list[int]:
    """Inserts rows in one statement and returns their ids in the same order."""
    if not rows:  # SQLAlchemy would insert one row with defaults
        return []
    return list(db.session.scalars(sa.insert(model).returning(model.id, sort_by_parameter_order=True), rows))


def refuse_real() -> None:
    """Refuses if people made a coalition here, because seeded coalitions would stay among theirs for good."""
    real = sa.select(sa.func.count()).where(Coalition.slug.not_like(f"{SEEDED}-%"))
    if many := db.session.scalar(real):
        raise Refused(
            f"People made coalitions here ({many}); nothing was written. "
            "Use a separate installation, or add --yes."
        )


def missing(coalitions: int) -> list[str]:
    """Returns the slugs that are not written yet, in order, so that an interrupted run can continue."""
    there = set(db.session.scalars(sa.select(Coalition.slug).where(Coalition.slug.like(f"{SEEDED}-%"))))
    return [slug for n in range(1, coalitions + 1) if (slug := f"{SEEDED}-{n}") not in there]


def fill(slugs: list[str], *, actions: int, members: int, password: str) -> Iterator[str]:
    """Writes these coalitions, each in a transaction of its own; yields each slug once it is written."""
    hashed = passwords.hash_of(password)
    for slug in slugs:
        coalition(slug, actions=actions, people=members, password_hash=hashed)
        db.session.commit()
        db.session.expunge_all()
        yield slug
    # Without statistics, the query planner would scan whole tables.
    db.session.execute(sa.text("ANALYZE"))
    db.session.commit()


def new_password() -> str:
    """Returns a new password for the coordinators of a run."""
    return secrets.token_urlsafe(12)


def coalition(slug: str, *, actions: int, people: int, password_hash: str) -> Coalition:
    """Writes a coalition with this many people and an adopted plan with this many actions.

    The plan has ten goals with measures. The coalition also has the whole checklist, needs and a year of
    meetings. The first person is the coordinator and the only one with a password.
    """
    now, today = clock.now(), clock.today()
    made = Coalition(
        slug=slug, name=f"Coalition {slug}", community="Here", stage=Stage.EXISTING, created_at=now
    )
    db.session.add(made)
    db.session.flush()
    of = {"coalition_id": made.id}
    organizations = _organizations(of)
    members = _people(of, slug, people, organizations, password_hash)
    _plan(of, members, organizations, actions, today)
    _items(of, members)
    _needs(of, members)
    _meetings(of, members)
    return made


def _organizations(of: Of) -> list[int]:
    return insert(
        Organization,
        [
            {
                **of,
                "name": f"Organization {n}",
                "sort_key": f"organization {n}",
                "sector": sector.key,
                "created_at": clock.now(),
            }
            for n, sector in enumerate(content().sectors)
        ],
    )


def _people(of: Of, slug: str, people: int, organizations: list[int], password_hash: str) -> list[int]:
    now = clock.now()
    users = insert(
        User,
        [
            {
                "name": f"Person {n}",
                "email": f"{slug}-{n}@example.org",
                "password_hash": password_hash if n == 0 else "-",
                "created_at": now,
            }
            for n in range(people)
        ],
    )
    members = insert(
        Membership,
        [
            {
                **of,
                "user_id": user,
                "name": f"Person {n}",
                "sort_key": f"person {n}",
                "role": Role.COORDINATOR if n == 0 else Role.MEMBER,
                "joined_at": now,
                "approved_at": now,
            }
            for n, user in enumerate(users)
        ],
    )
    insert(
        Affiliation,
        [
            {
                **of,
                "membership_id": member,
                "organization_id": organizations[n % len(organizations)],
                "sector": None,
            }
            for n, member in enumerate(members)
        ],
    )
    return members


def _plan(of: Of, members: list[int], organizations: list[int], actions: int, today: date) -> None:
    now = clock.now()
    plan = Plan(**of, title="Plan", status=PlanStatus.ADOPTED, adopted_on=today, created_at=now)
    db.session.add(plan)
    db.session.flush()
    areas = [area.key for area in content().areas]
    goals = insert(
        Goal,
        [
            {
                **of,
                "plan_id": plan.id,
                "position": n,
                "title": f"Goal {n}",
                "why": "",
                "area": areas[n % len(areas)],
            }
            for n in range(GOALS)
        ],
    )
    objectives = insert(
        Objective,
        [
            {**of, "goal_id": goal, "position": 1, "title": f"Objective of goal {n}", "measure": ""}
            for n, goal in enumerate(goals)
        ],
    )
    insert(
        Action,
        [
            {
                **of,
                "number": n + 1,
                "plan_id": plan.id,
                "goal_id": goals[n % GOALS],
                "objective_id": objectives[n % GOALS],
                "title": f"Ask the county about bed number {n + 1}",
                "owner_id": members[n % len(members)],
                "organization_id": organizations[n % len(organizations)],
                "due_on": today + timedelta(days=n % 200 - 40),
                "status": STATES[n % len(STATES)],
                "done_on": today if STATES[n % len(STATES)] is ActionStatus.DONE else None,
                "created_at": now,
                "created_by_id": members[0],
                "moved_at": now,
            }
            for n in range(actions)
        ],
    )
    _measures(of, objectives, members, today)


def _measures(of: Of, objectives: list[int], members: list[int], today: date) -> None:
    now = clock.now()
    measures = insert(
        Measure,
        [
            {**of, "objective_id": objective, "title": f"Beds of objective {n}", "created_at": now}
            for n, objective in enumerate(objectives)
        ],
    )
    insert(
        Reading,
        [
            {
                **of,
                "measure_id": measure,
                "taken_on": today - timedelta(days=90 * quarter),
                "value": float(40 - 5 * quarter),
                "written_at": now,
                "written_by_id": members[0],
            }
            for measure in measures
            for quarter in range(4)
        ],
    )


def _items(of: Of, members: list[int]) -> None:
    keys = [item.key for tip in content().tips for item in tip.items]
    insert(
        Item,
        [
            {
                **of,
                "key": key,
                "state": list(ItemState)[n % 3],
                "state_before": ItemState.NOT_YET,
                "note": "A short note.",
                "owner_id": members[n % len(members)],
                "proof": "",
                "changed_at": clock.now(),
                "changed_by_id": members[0],
            }
            for n, key in enumerate(keys)
        ],
    )


def _needs(of: Of, members: list[int]) -> None:
    insert(
        Need,
        [
            {
                **of,
                "number": n,
                "title": f"A bed for night {n}",
                "stated_gap": n % 4 + 1,
                "created_at": clock.now(),
                "created_by_id": members[0],
            }
            for n in range(1, NEEDS + 1)
        ],
    )


def _meetings(of: Of, members: list[int]) -> None:
    now = clock.now()
    meetings = insert(
        Meeting,
        [
            {
                **of,
                "kind": MeetingKind.GENERAL,
                "title": f"Meeting {n}",
                "starts_at": now - timedelta(days=30 * n),
                "closed_at": now - timedelta(days=30 * n - 1),
                "created_at": now,
                "created_by_id": members[0],
            }
            for n in range(1, MEETINGS + 1)
        ],
    )
    insert(
        Attendance,
        [
            {**of, "meeting_id": meeting, "membership_id": member}
            for meeting in meetings
            for member in members[:10]
        ],
    )
