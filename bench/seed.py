"""Writes rows to measure with, beside those of `engage seed`."""

import random
from datetime import UTC, datetime, time, timedelta

import sqlalchemy as sa

from bench import texts
from engage import clock
from engage.accounts import passwords, service
from engage.accounts.models import User
from engage.assessment.models import Answer, Response, Round
from engage.assessment.rules import AnswerKind
from engage.coalitions.models import Coalition, Membership
from engage.content import loader
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.rules import MeetingKind
from engage.operations import seeding
from engage.operations.seeding import insert
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.organizations import service as organizations_service
from engage.partners.rules import ContactPlace, TagKind
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityKind, ActivityState
from engage.plan.models import Action, Update
from engage.strengths import service as strengths

PEOPLE = 50
_FIRST = [
    "Grace",
    "Riverbend",
    "Lower Valley",
    "St. Mary’s",
    "Harbor",
    "New Hope",
    "Mill County",
    "Ohio Valley",
]
_SECOND = [
    "Church",
    "Hospital",
    "Legal Aid",
    "Community Center",
    "School District",
    "Inn",
    "Advocates",
    "Clinic",
]


def coalition(slug: str, *, actions: int, people: int = PEOPLE) -> Coalition:
    """Writes a coalition as `engage seed` does, with so many people and actions."""
    return seeding.coalition(slug, actions=actions, people=people, password_hash=passwords.hash_of("x"))


def closed_round(made: Coalition, *, responses: int) -> Round:
    """Writes a closed round with all indicators and so many responses in all sectors."""
    from engage.assessment.rounds import service as rounds

    chance = random.Random(1)
    first = db.session.scalars(
        sa.select(Membership).where(Membership.coalition_id == made.id).order_by(Membership.id)
    ).first()
    assert first is not None
    around = rounds.open_round(first, title="Round", k=3, closes_on=None)
    of = {"coalition_id": made.id}
    sectors = [sector.key for sector in loader.content().sectors]
    made_responses = insert(
        Response,
        [
            {
                **of,
                "round_id": around.id,
                "respondent_id": None,
                "sector": sectors[n % len(sectors)],
                "submitted": True,
                "released": False,
            }
            for n in range(responses)
        ],
    )
    insert(
        Answer,
        [
            {
                **of,
                "response_id": response,
                "indicator": indicator.key,
                "kind": AnswerKind.RATING,
                "rating": chance.randrange(5),
                "note": "",
            }
            for response in made_responses
            for indicator in loader.content().indicators
        ],
    )
    rounds.close_round(first, around)
    db.session.commit()
    return around


def directory(made: Coalition, *, organizations: int) -> None:
    """Writes so many organizations with everything a filter asks for; every third has a main contact."""
    now, today, chance = clock.now(), clock.today(), random.Random(5)
    of = {"coalition_id": made.id}
    words = loader.content()
    sectors = [sector.key for sector in words.sectors]
    names = [f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {n}" for n in range(organizations)]
    keys = insert(
        Organization,
        [
            {
                **of,
                "name": name,
                "sort_key": name.casefold(),
                "sector": sectors[n % len(sectors)],
                "website": "",
                "phone": "",
                "email": "",
                "about": "What somebody should know before they call.",
                "level": n % 7 if n % 7 < 6 else None,
                "verified_on": today - timedelta(days=n % 700) if n % 9 else None,
                "created_at": now - timedelta(days=n % 800),
                "version": 1,
            }
            for n, name in enumerate(names)
        ],
    )
    offered = {
        TagKind.DISCIPLINE: [each.key for each in words.organization_disciplines()],
        TagKind.AREA: [each.key for each in words.areas],
        TagKind.SERVICE: [f"Service number {n}" for n in range(40)],
        TagKind.COUNTY: [f"County {n}" for n in range(30)],
        TagKind.LANGUAGE: [f"Language {n}" for n in range(12)],
    }
    insert(
        OrganizationTag,
        [
            {**of, "organization_id": key, "kind": kind, "value": value, "sort_key": value.casefold()}
            for key in keys
            for kind, values in offered.items()
            for value in chance.sample(values, 2)
        ],
    )
    organizations_service.refresh_search(made.id)
    insert(
        Contact,
        [
            {
                **of,
                "organization_id": key,
                "place": ContactPlace.MAIN,
                "name": f"Contact {n}",
                "sort_key": f"contact {n}",
                "job": "",
                "email": "",
                "phone": "",
                "version": 1,
            }
            for n, key in enumerate(keys)
            if n % 3 == 0
        ],
    )


def searched(made: Coalition) -> None:
    """Writes the texts that are searched: half of them titles of actions, half what was written below these."""
    actions = list(db.session.scalars(sa.select(Action).where(Action.coalition_id == made.id)))
    for action, title in zip(actions, texts.texts(0), strict=True):
        action.title = title
    insert(
        Update,
        [
            {"coalition_id": made.id, "action_id": action.id, "written_at": clock.now(), "text": text}
            for action, text in zip(actions, texts.texts(1), strict=True)
        ],
    )


def calendar(made: Coalition, *, entries: int) -> None:
    """Writes so many meetings, events and due dates, on all days of the current month."""
    now, first = clock.now(), clock.today().replace(day=1)
    days = [first + timedelta(days=n % 28) for n in range(entries)]
    of = {"coalition_id": made.id}
    insert(
        Meeting,
        [
            {
                **of,
                "kind": MeetingKind.GENERAL,
                "title": f"Meeting number {n} of the coalition",
                "starts_at": datetime.combine(day, time(14 + n % 8), UTC),
                "minutes": 90,
                "created_at": now,
                "version": 1,
            }
            for n, day in enumerate(days[::3])
        ],
    )
    insert(
        Activity,
        [
            {
                **of,
                "kind": ActivityKind.TRAINING,
                "state": ActivityState.PLANNED,
                "happened_on": day,
                "title": f"Training number {n} at the library",
                "created_at": now,
                "version": 1,
            }
            for n, day in enumerate(days[1::3])
        ],
    )
    actions = sa.select(Action).where(Action.coalition_id == made.id).order_by(Action.number)
    for action, day in zip(db.session.scalars(actions), days[2::3], strict=False):
        action.start_on, action.due_on = None, day


def signed_in(made: Coalition) -> str:
    """Returns the token of a live session of the coalition's first person."""
    row = db.session.execute(
        sa.select(User, Membership.coalition_id)
        .join(Membership, Membership.user_id == User.id)
        .where(Membership.coalition_id == made.id)
        .order_by(Membership.id)
    ).first()
    assert row is not None
    token = service.start_session(row[0])
    db.session.commit()
    return token


def open_round(made: Coalition) -> Round:
    """Writes an open round that the first person can answer."""
    from engage.assessment.answering import service as assessment
    from engage.assessment.rounds import service as rounds

    first = db.session.scalars(
        sa.select(Membership).where(Membership.coalition_id == made.id).order_by(Membership.id)
    ).first()
    assert first is not None
    around = rounds.open_round(first, title="Open round", k=3, closes_on=None)
    assessment.start(first, around, "en")
    db.session.commit()
    return around


def strengths_and_needs(made: Coalition, closed: Round, *, each: int) -> None:
    """Writes so many needs and strengths; every third need has a match."""
    person = db.session.scalars(sa.select(Membership).where(Membership.coalition_id == made.id)).first()
    assert person is not None
    chance, content = random.Random(3), loader.content()
    areas = [area.key for area in content.areas]
    for n in range(each):
        indicator = content.indicators[n % len(content.indicators)]
        from_round = n < len(content.indicators)
        need = strengths.create_need(
            person,
            title=f"{indicator.title} {n}",
            area=indicator.area,
            round_=closed if from_round else None,
            indicator=indicator.key if from_round else "",
            stated_gap=None if from_round else 1 + n % 4,
            importance=1 + n % 5,
            feasibility=3,
        )
        strength = strengths.add_strength(
            person,
            title=f"Strength {n} that somebody offers",
            areas=chance.sample(areas, 2),
            indicator=indicator.key if n % 4 == 0 else "",
        )
        if n % 3 == 0:
            strengths.match(person, need, strength)
