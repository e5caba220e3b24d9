"""The sample coalition of the demo, built from sample.yaml. The people in it do not exist."""

import random
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from engage import clock
from engage.accounts import passwords as hashing
from engage.accounts.models import User
from engage.assessment.models import Answer, Response, Round
from engage.assessment.rules import AnswerKind, Asked
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Coalition, Group, GroupMember, Membership, MembershipDiscipline
from engage.coalitions.rules import (
    GroupKind,
    InvitationKind,
    Leadership,
    MembershipStyle,
    Role,
    Stage,
    Structure,
)
from engage.content import loader
from engage.database import folded
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import Meeting
from engage.onboarding.models import StepOverride
from engage.operations.sample_agreement import add_agreement
from engage.operations.sample_efforts import add_efforts, add_papers
from engage.operations.sample_matches import add_matches
from engage.operations.sample_meetings import add_meetings, record_meetings
from engage.operations.sample_partners import add_agreements, add_partners, add_seats
from engage.operations.sample_plan import add_plan
from engage.operations.sample_public import add_public_page
from engage.operations.sample_sets import add_question_set
from engage.operations.sample_strengths import add_strengths
from engage.operations.sample_toolkit import add_toolkit
from engage.operations.sample_votes import add_votes
from engage.partners.models import Affiliation, Organization
from engage.strengths.models import Need, Strength

SOURCE = Path(__file__).with_name("sample.yaml")


class Sample:
    """What the parts of the sample need of each other: the coalition, its people and the day it is."""

    def __init__(self, source: dict[str, Any]) -> None:
        self.source = source
        # The same choices at every start; only the passwords differ.
        self.chance = random.Random(7)  # noqa: S311 - nothing secret
        self.coalition = Coalition()
        self.people: dict[str, Membership] = {}
        self.organizations: dict[str, Organization] = {}
        self.needs: dict[str, Need] = {}
        self.strengths: dict[str, Strength] = {}
        self.meetings: dict[str, Meeting] = {}

    @property
    def today(self) -> date:
        return clock.today(self.coalition.time_zone)

    def moment(self, days: float) -> datetime:
        return clock.now() + timedelta(days=days)

    def day(self, days: int | None) -> date | None:
        return None if days is None else self.today + timedelta(days=days)

    def add(self, model: type, **values: Any) -> Any:
        """A saved row of the sample's coalition."""
        row = model(coalition_id=self.coalition.id, **values)
        db.session.add(row)
        db.session.flush()
        return row


def build(passwords: dict[str, str]) -> dict[str, str]:
    """Fill an empty database; returns the e-mail addresses of the coordinator and of the member."""
    source = yaml.safe_load(SOURCE.read_text())
    sample = Sample(source)
    _add_coalition(sample)
    for key, values in source["organizations"].items():
        name = values["name"]
        sample.organizations[key] = sample.add(
            Organization,
            name=name,
            sort_key=folded(name),
            sector=values["sector"],
            created_at=sample.moment(-440),
        )
    hashes = {role: hashing.hash_of(password) for role, password in passwords.items()}
    hashes["others"] = hashing.hash_of("no one signs in with this one, ever")
    for person in source["people"]:
        _add_person(sample, person, hashes)
    add_partners(sample)
    add_agreements(sample)
    add_seats(sample)
    _add_groups(sample)
    _add_checklist(sample)
    _add_onboarding(sample)
    rounds = _add_rounds(sample)
    add_meetings(sample)
    add_agreement(sample, rounds)
    add_strengths(sample, rounds)
    add_votes(sample)
    add_plan(sample, rounds)
    record_meetings(sample, rounds)
    add_matches(sample)
    add_efforts(sample, rounds)
    add_papers(sample, rounds["open"])
    add_toolkit(sample)
    add_question_set(sample)
    add_public_page(sample)
    return {"coordinator": "maria@example.org", "member": "dan@example.org"}


def _add_coalition(sample: Sample) -> None:
    values = dict(sample.source["coalition"])
    sample.coalition = Coalition(
        slug="riverbend-county",
        stage=Stage.EXISTING,
        structure=Structure.BOTH,
        leadership=Leadership.JOINT,
        membership_style=MembershipStyle.FORMAL,
        created_at=sample.moment(-460),
        help_checked_on=clock.today() - timedelta(days=20),
        **values,
    )
    db.session.add(sample.coalition)
    db.session.flush()


def _add_person(sample: Sample, person: dict[str, Any], hashes: dict[str, str]) -> None:
    key, name = person["key"], person["name"]
    joined = sample.moment(-3 if person.get("waiting") else -450 + len(sample.people))
    user = None
    if person.get("account", True):
        which = {"maria": "coordinator", "dan": "member"}.get(key, "others")
        user = User(
            name=name,
            email=f"{key}@example.org",
            password_hash=hashes[which],
            is_admin=key == "maria",
            created_at=joined,
        )
        db.session.add(user)
        db.session.flush()
    place = sample.people[key] = sample.add(
        Membership,
        user_id=user.id if user else None,
        name=name,
        sort_key=folded(name),
        role=Role(person["role"]),
        joined_at=joined,
        approved_at=None if person.get("waiting") else joined,
        came_by=InvitationKind.OPEN if person.get("waiting") else InvitationKind.BOUND,
        shows_email=user is not None and len(sample.people) % 2 == 0,
    )
    organization = sample.organizations.get(person.get("organization", ""))
    sample.add(
        Affiliation,
        membership_id=place.id,
        organization_id=organization.id if organization else None,
        sector=None if organization else "residents",
    )
    for discipline in person["disciplines"]:
        sample.add(MembershipDiscipline, membership_id=place.id, discipline=discipline)
    if offer := person.get("offers"):
        sample.add(
            Strength,
            title=offer,
            giver_id=place.id,
            organization_id=organization.id if organization else None,
            created_at=joined,
            created_by_id=place.id,
        )


def _add_groups(sample: Sample) -> None:
    for values in sample.source["groups"]:
        group = sample.add(
            Group,
            kind=GroupKind(values["kind"]),
            name=values["name"],
            sort_key=folded(values["name"]),
            purpose=values["purpose"],
            lead_id=sample.people[values["lead"]].id,
            review_on=sample.day(values["review"]),
        )
        for key in values["members"]:
            sample.add(GroupMember, group_id=group.id, membership_id=sample.people[key].id)


def _add_checklist(sample: Sample) -> None:
    """So many items done, in progress and not for us, spread over the tips."""
    counts = sample.source["tips"]
    keys = [item.key for tip in loader.content().tips for item in tip.items if item.fits("existing")]
    sample.chance.shuffle(keys)
    people = [sample.people[key] for key in ("maria", "grace", "hall", "okafor")]
    states = [
        *([ItemState.DONE] * counts["done"]),
        *([ItemState.IN_PROGRESS] * counts["in_progress"]),
        *([ItemState.NOT_FOR_US] * counts["not_for_us"]),
    ]
    for number, (key, state) in enumerate(zip(keys, states, strict=False)):
        person = people[number % len(people)]
        moment = sample.moment(-2 - 4 * number)
        item = sample.add(
            Item,
            key=key,
            state=state,
            owner_id=person.id if state is ItemState.IN_PROGRESS else None,
            due_on=sample.day(10 + number) if state is ItemState.IN_PROGRESS else None,
            changed_at=moment,
            changed_by_id=person.id,
        )
        sample.add(
            HistoryEntry,
            happened_at=moment,
            actor_id=person.id,
            thing="checklist_item",
            thing_id=item.id,
            field="state",
            old=ItemState.NOT_YET,
            new=state,
        )


def _add_onboarding(sample: Sample) -> None:
    for values in sample.source["overrides"]:
        sample.add(
            StepOverride,
            step=values["step"],
            reason=values["reason"],
            decided_by_id=sample.people[values["by"]].id,
            decided_at=sample.moment(-140),
        )


def _add_rounds(sample: Sample) -> dict[str, Round]:
    """A closed round, last year's before it, a small one in which no group may be shown, and an open one that
    some have finished."""
    from engage.assessment import respondents, rounds

    closed = _closed_round(sample, sample.source["round"])
    _closed_round(sample, sample.source["small_round"])
    earlier = _closed_round(sample, sample.source["earlier_round"])
    later = sample.source["open_round"]
    maria = sample.people["maria"]
    current = rounds.open_round(
        maria, title=later["title"], k=3, closes_on=sample.day(later["closes"]), asked=Asked.INVITED
    )
    current.opened_at = sample.moment(later["opened"])
    named = [sample.people[key].id for key in (*later["invited"], *later["finished"], *later["half"])]
    respondents.invite(maria, current, named, later["disciplines"])
    for key in later["finished"]:
        _respond(sample, current, key, range(100), submitted=True)
    for key in later["half"]:
        _respond(sample, current, key, range(22), submitted=False)
    db.session.flush()
    return {"closed": closed, "earlier": earlier, "open": current}


def _closed_round(sample: Sample, about: dict[str, Any]) -> Round:
    """A round that these people answered, with its release."""
    from engage.assessment import rounds

    maria = sample.people["maria"]
    closed = rounds.open_round(maria, title=about["title"], k=3, closes_on=sample.day(about["closed"]))
    closed.opened_at = sample.moment(about["closed"] - 30)
    for key in about["respondents"]:
        _respond(sample, closed, key, range(100), submitted=True, levels=about.get("levels"))
    rounds.close_round(maria, closed)
    closed.closed_at = sample.moment(about["closed"])
    return closed


def _respond(
    sample: Sample,
    around: Round,
    key: str,
    which: range,
    *,
    submitted: bool,
    levels: dict[str, int] | None = None,
) -> None:
    person = sample.people[key]
    organization = next(values for values in sample.source["people"] if values["key"] == key)["organization"]
    sector = sample.source["organizations"][organization]["sector"]
    response = sample.add(
        Response,
        round_id=around.id,
        respondent_id=person.id,
        sector=sector,
        started_at=sample.moment(-5),
        submitted=submitted,
    )
    for number, (indicator, kind, rating) in enumerate(_answers(sample, sector, levels)):
        if number in which:
            db.session.add(
                Answer(
                    coalition_id=sample.coalition.id,
                    response_id=response.id,
                    indicator=indicator,
                    kind=kind,
                    rating=rating,
                    answered_at=sample.moment(-5),
                )
            )
    db.session.flush()


def _answers(
    sample: Sample, sector: str, levels: dict[str, int] | None
) -> Iterator[tuple[str, AnswerKind, int | None]]:
    """What somebody of this sector would say of every indicator: near the area's level, with their own lean."""
    about, content = sample.source["round"], loader.content()
    lean = about["lean"].get(content.sector(sector).group, 0)
    for place, indicator in enumerate(content.indicators):
        level = (levels or about["levels"])[indicator.area] + (indicator.key in about["strongest"])
        # Every indicator has a temper of its own, the same for all who answer.
        level += (place * 7) % 3 - 1
        level += lean if indicator.area in {"identification", "response"} else 0
        level += sample.chance.choice((-1, 0, 0, 0, 1))
        if sample.chance.random() < (0.25 if indicator.area == "reform" else 0.08):
            yield indicator.key, AnswerKind.DONT_KNOW, None
        else:
            yield indicator.key, AnswerKind.RATING, min(max(level, 0), 4)
