"""Makes saved, valid rows: `make_x(**overrides)`. Each commits, so that a request sees it."""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import count
from typing import Any

import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts import passwords, service
from engage.accounts.models import SignedIn, User
from engage.assessment.models import AgreedValue, Answer, DraftSet, Effort, Response, Round
from engage.assessment.questions import frozen
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Answer as Given
from engage.assessment.rules import AnswerKind
from engage.assessment.sets.rules import SetDraft
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.database import folded
from engage.documents.models import Document
from engage.documents.rules import DocumentKind, Readers
from engage.extensions import db
from engage.onboarding.models import StepOverride
from engage.partners.models import Affiliation, Organization
from engage.plan.activities.models import Activity, ActivityAudience
from engage.plan.activities.rules import ActivityKind
from engage.plan.measures.models import Measure, Reading
from engage.plan.models import Action, Goal, Objective, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.toolkit.models import AreasRead, Note, Reader, Section
from engage.toolkit.rules import NoteMark
from tests.client import EngageClient

PASSWORD = "seven quiet herons"

_number = count(1)


def saved(row: Any) -> Any:
    db.session.add(row)
    db.session.commit()
    return row


def _added(row: Any) -> Any:
    """Gives a row its id, to be saved with the next one: each commit makes all that is known be read anew."""
    db.session.add(row)
    db.session.flush()
    return row


def make_coalition(**overrides: Any) -> Coalition:
    return saved(_coalition(**overrides))


def _coalition(**overrides: Any) -> Coalition:
    number = next(_number)
    values: dict[str, Any] = {
        "slug": f"coalition-{number}",
        "name": f"Coalition {number}",
        "community": "Riverbend County",
        "time_zone": "America/Chicago",
        "created_at": clock.now(),
    }
    return Coalition(**{**values, **overrides})


def the_coalition(save: Callable[[Any], Any] = saved) -> Coalition:
    """Returns the coalition that the people of a test share unless it names another."""
    found = db.session.scalar(sa.select(Coalition).where(Coalition.slug == "riverbend"))
    return found or save(_coalition(slug="riverbend", name="Riverbend County Coalition"))


def make_user(**overrides: Any) -> User:
    return saved(_user(**overrides))


def _user(**overrides: Any) -> User:
    number = next(_number)
    values: dict[str, Any] = {
        "name": f"Person {number}",
        "email": f"person{number}@example.org",
        "password_hash": passwords.hash_of(overrides.pop("password", PASSWORD)),
        "created_at": clock.now(),
    }
    return User(**{**values, **overrides})


def make_membership(**overrides: Any) -> Membership:
    """Makes an active member of the shared coalition with an account; `user=None` makes one without."""
    coalition = overrides.pop("coalition", None) or the_coalition(_added)
    name = overrides.pop("name", None) or f"Person {next(_number)}"
    user = overrides.pop("user") if "user" in overrides else _added(_user(name=name))
    values: dict[str, Any] = {
        "coalition_id": coalition.id,
        "user_id": user.id if user else None,
        "name": name,
        "sort_key": folded(name),
        "role": Role.MEMBER,
        "understood_at": clock.now() if user else None,
        "joined_at": clock.now(),
        "approved_at": clock.now(),
    }
    return saved(Membership(**{**values, **overrides}))


def make_organization(**overrides: Any) -> Organization:
    coalition = overrides.pop("coalition", None) or the_coalition()
    name = overrides.pop("name", None) or f"Organization {next(_number)}"
    values = {
        "coalition_id": coalition.id,
        "name": name,
        "sort_key": folded(name),
        "sector": "nonprofit",
        "created_at": clock.now(),
    }
    return saved(Organization(**{**values, **overrides}))


def make_affiliation(membership: Membership, organization: Organization | None = None) -> Affiliation:
    """Sets where the person comes from; without an organization they are residents."""
    return saved(
        Affiliation(
            coalition_id=membership.coalition_id,
            membership_id=membership.id,
            organization_id=organization.id if organization else None,
            sector=None if organization else "residents",
        )
    )


def signed_in_client(app: Flask, membership: Membership) -> EngageClient:
    """Returns a browser with a live session of this person."""
    client = app.test_client()
    assert isinstance(client, EngageClient)
    assert membership.user_id is not None
    holds_keys = membership.role is Role.COORDINATOR  # as after their first page
    token = service.start_session(db.session.get_one(User, membership.user_id), is_own=True)
    next(row for row in db.session.new if isinstance(row, SignedIn)).holds_keys = holds_keys
    db.session.commit()
    with client.session_transaction() as session:
        session["_user_id"] = token
        session["_fresh"] = True
    client.membership = membership
    return client


# checklist


def make_item(**overrides: Any) -> Item:
    """Makes a touched item of a tip, in progress."""
    coalition_id = overrides.pop("coalition_id", None) or the_coalition().id
    values: dict[str, Any] = {
        "coalition_id": coalition_id,
        "key": "core-team-named",
        "state": ItemState.IN_PROGRESS,
        "changed_at": clock.now(),
    }
    return saved(Item(**{**values, **overrides}))


# plan


def make_plan(**overrides: Any) -> Plan:
    """Makes the current plan of the shared coalition; `status=PlanStatus.DRAFT` makes a draft."""
    coalition = overrides.pop("coalition", None) or the_coalition()
    values: dict[str, Any] = {
        "coalition_id": coalition.id,
        "title": "Plan of action 2026-27",
        "status": PlanStatus.ADOPTED,
        "created_at": clock.now(),
    }
    if overrides.get("status", PlanStatus.ADOPTED) is PlanStatus.ADOPTED:
        values["adopted_on"] = date(2026, 11, 3)
    return saved(Plan(**{**values, **overrides}))


def make_goal(plan: Plan, **overrides: Any) -> Goal:
    number = next(_number)
    values = {"coalition_id": plan.coalition_id, "plan_id": plan.id, "position": number}
    return saved(Goal(**{**values, "title": f"Goal number {number}", **overrides}))


def make_objective(goal: Goal, **overrides: Any) -> Objective:
    number = next(_number)
    values = {"coalition_id": goal.coalition_id, "goal_id": goal.id, "position": number}
    return saved(Objective(**{**values, "title": f"Objective number {number}", **overrides}))


def make_action(
    plan: Plan, goal: Goal | None = None, objective: Objective | None = None, **overrides: Any
) -> Action:
    """Makes an action, numbered by the factories, not per coalition."""
    number = next(_number)
    now = clock.now()
    values: dict[str, Any] = {
        "coalition_id": plan.coalition_id,
        "plan_id": plan.id,
        "goal_id": goal.id if goal else objective.goal_id if objective else None,
        "objective_id": objective.id if objective else None,
        "number": number,
        "title": f"Action number {number}",
        "created_at": now,
        "moved_at": now,
    }
    if overrides.get("status") is ActionStatus.DONE:
        values["done_on"] = date(2026, 11, 1)
    return saved(Action(**{**values, **overrides}))


def make_measure(objective: Objective, **overrides: Any) -> Measure:
    """Makes a measure of beds, from 4 on January 5 to 20 on December 31, 2026."""
    values: dict[str, Any] = {
        "coalition_id": objective.coalition_id,
        "objective_id": objective.id,
        "title": f"Measure number {next(_number)}",
        "unit": "beds",
        "baseline_value": 4,
        "baseline_on": date(2026, 1, 5),
        "target_value": 20,
        "target_on": date(2026, 12, 31),
        "created_at": clock.now(),
    }
    return saved(Measure(**{**values, **overrides}))


def make_reading(measure: Measure, value: float, taken_on: date, **overrides: Any) -> Reading:
    values = {"coalition_id": measure.coalition_id, "measure_id": measure.id, "written_at": clock.now()}
    return saved(Reading(**{**values, "value": value, "taken_on": taken_on, **overrides}))


def make_activity(**overrides: Any) -> Activity:
    """Makes a training of May 3, 2026, in the shared coalition."""
    coalition = overrides.pop("coalition", None) or the_coalition()
    discipline = overrides.pop("discipline", "")
    values: dict[str, Any] = {
        "coalition_id": coalition.id,
        "kind": ActivityKind.TRAINING,
        "happened_on": date(2026, 5, 3),
        "title": f"Activity number {next(_number)}",
        "reached": 23,
        "hours": 9.5,
        "created_at": clock.now(),
    }
    activity = saved(Activity(**{**values, **overrides}))
    if discipline:
        row = ActivityAudience(coalition_id=coalition.id, activity_id=activity.id, discipline=discipline)
        saved(row)
    return activity


# assessment


def make_round(**overrides: Any) -> Round:
    """Makes an open round of the shared coalition, on the questions of the content."""
    coalition = overrides.pop("coalition", None) or the_coalition()
    values: dict[str, Any] = {
        "coalition_id": coalition.id,
        "title": "Community assessment 2026",
        "k": 3,
        "questions": frozen(content(), "en").to_json(),
        "opened_at": clock.now(),
    }
    return saved(Round(**{**values, **overrides}))


def make_draft_set(draft: SetDraft | None = None, **overrides: Any) -> DraftSet:
    """Makes a set of the shared coalition, as copied from ours."""
    coalition = overrides.pop("coalition", None) or the_coalition()
    values: dict[str, Any] = {
        "coalition_id": coalition.id,
        "title": "Our questions",
        "questions": (draft or SetDraft(frozen(content(), "en"))).to_json(),
        "changed_at": clock.now(),
    }
    return saved(DraftSet(**{**values, **overrides}))


def make_response(
    round_: Round, membership: Membership, answers: dict[str, Any], **overrides: Any
) -> Response:
    """Makes a response with its answers by indicator.

    An answer is a rating, "dont_know", "does_not_apply" or a choice of the rules; with a note it is (answer, note).
    """
    values = {
        "coalition_id": round_.coalition_id,
        "round_id": round_.id,
        "respondent_id": membership.id,
        "sector": "nonprofit",
        "started_at": clock.now(),
        "submitted": True,
    }
    response = saved(Response(**{**values, **overrides}))
    for key, said in answers.items():
        code, note = said if isinstance(said, tuple) else (said, "")
        given = code if isinstance(code, Given) else None
        rated = isinstance(code, int)
        db.session.add(
            Answer(
                coalition_id=round_.coalition_id,
                response_id=response.id,
                indicator=key,
                kind=given.kind if given else AnswerKind.RATING if rated else AnswerKind(code),
                rating=code if rated else None,
                chosen=given.bits if given else None,
                note=note,
                answered_at=clock.now(),
            )
        )
    db.session.commit()
    return response


def make_effort(**overrides: Any) -> Effort:
    """Makes a known effort that someone added by hand; `response` links it to a respondent of an open round."""
    coalition = overrides.pop("coalition", None) or the_coalition()
    response = overrides.pop("response", None)
    who = overrides.pop("who", None) or f"Group {next(_number)}"
    values: dict[str, Any] = {
        "coalition_id": coalition.id,
        "area": "prevention",
        "who": who,
        "sort_key": folded(who),
        "what": "Talks in schools",
        "shared": response is None,
        "round_id": response.round_id if response else None,
        "response_id": response.id if response else None,
    }
    return saved(Effort(**{**values, **overrides}))


def make_closed_round(responses: Sequence[tuple[str, dict[str, Any]]], **overrides: Any) -> Round:
    """Makes a round closed as a coordinator closes it. `responses` are (sector, answers), each by another person."""
    round_ = make_round(**overrides)
    coordinator = make_membership(role=Role.COORDINATOR, coalition=overrides.get("coalition"))
    for sector, answers in responses:
        person = make_membership(coalition=overrides.get("coalition"), user=None)
        make_response(round_, person, answers, sector=sector)
    rounds_service.close_round(coordinator, round_)
    db.session.commit()
    db.session.refresh(round_)
    return round_


def make_agreed(round_: Round, indicator: str, value: float, **overrides: Any) -> AgreedValue:
    """Makes an agreed value, recorded by no one in particular."""
    values: dict[str, Any] = {
        "coalition_id": round_.coalition_id,
        "round_id": round_.id,
        "indicator": indicator,
        "value": value,
        "reason": "We talked about it.",
        "agreed_on": date(2026, 11, 20),
        "set_at": clock.now(),
    }
    return saved(AgreedValue(**{**values, **overrides}))


# toolkit


def make_areas_read(reader: Membership) -> AreasRead:
    return saved(AreasRead(coalition_id=reader.coalition_id, reader_id=reader.id, read_at=clock.now()))


def make_section(**overrides: Any) -> Section:
    """Makes a section of the coalition's own; with `key` of one that ships (and no title) its row."""
    coalition = overrides.pop("coalition", None) or the_coalition()
    values: dict[str, Any] = {"coalition_id": coalition.id, "created_at": clock.now()}
    if "key" not in overrides:
        values |= {"key": f"own-{next(_number)}", "title": "Our county's yearly report"}
    return saved(Section(**{**values, **overrides}))


def make_reader(section: Section, reader: Membership, **overrides: Any) -> Reader:
    values = {"coalition_id": section.coalition_id, "section_id": section.id, "reader_id": reader.id}
    return saved(Reader(**{**values, **overrides}))


def make_note(author: Membership, **overrides: Any) -> Note:
    """Makes a shared key point on prevention; with `section` on a section."""
    section = overrides.pop("section", None)
    values = {
        "coalition_id": author.coalition_id,
        "author_id": author.id,
        "area": "" if section else "prevention",
        "section_id": section.id if section else None,
        "mark": NoteMark.KEY_POINT,
        "text": "Schools talk about it.",
        "is_shared": True,
        "written_at": clock.now(),
    }
    return saved(Note(**{**values, **overrides}))


# onboarding


def make_step_override(decider: Membership, **overrides: Any) -> StepOverride:
    values = {
        "coalition_id": decider.coalition_id,
        "step": "toolkit",
        "reason": "We did this before we used Engage.",
        "decided_by_id": decider.id,
        "decided_at": clock.now(),
    }
    return saved(StepOverride(**{**values, **overrides}))


# documents


def make_document(by: Membership, title: str = "Charter", **overrides: Any) -> Document:
    """Makes a document of this person's coalition that everyone sees and no one keeps."""
    values: dict[str, Any] = {
        "coalition_id": by.coalition_id,
        "title": title,
        "link": "https://drive.example.org/charter",
        "kind": DocumentKind.CHARTER,
        "readers": Readers.EVERYONE,
    }
    return saved(Document(**{**values, **overrides}))
