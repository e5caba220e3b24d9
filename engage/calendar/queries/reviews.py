"""Reads reviews of decisions, reviews and ends of agreements, and rounds of the assessment."""

from collections.abc import Iterator

import sqlalchemy as sa
from sqlalchemy.orm import defer

from engage.assessment.models import Participant, Round
from engage.assessment.rules import Asked as AskedOf
from engage.calendar import labels
from engage.calendar.queries.asked import Asked
from engage.calendar.rules import CalendarLine, LineKind
from engage.clock import local_day
from engage.coalitions.models import Group, Membership
from engage.database import along
from engage.extensions import db
from engage.meetings.models import Decision
from engage.partners.agreements.labels import name_of
from engage.partners.agreements.models import Agreement
from engage.partners.models import Organization
from engage.partners.rules import AgreementState


def decisions(asked: Asked) -> Iterator[CalendarLine]:
    """Yields reviews of decisions; the text of a decision stays out of feeds."""
    if asked.group_id is not None or not asked.inside:
        return
    rows = (
        sa.select(Decision, Membership.name)
        .outerjoin(Membership, along(Decision.owner_id, Membership))
        .where(Decision.coalition_id.in_(asked.inside), asked.on_days(Decision.review_on))
        .order_by(Decision.review_on, Decision.id)
    )
    if asked.mine:
        rows = rows.where(Decision.owner_id.in_(asked.me))
    for each, owner in db.session.execute(rows):
        assert each.review_on is not None
        yield CalendarLine(
            LineKind.REVIEW,
            each.coalition_id,
            f"engage-decision-{each.coalition_id}-{each.id}",
            each.version,
            labels.decision_to_review(each.number),
            each.review_on,
            "meetings.decision",
            {"number": each.number},
            who=owner or "",
            about=each.text,
        )


def groups(asked: Asked) -> Iterator[CalendarLine]:
    if not asked.inside:
        return
    rows = (
        sa.select(Group)
        .where(Group.coalition_id.in_(asked.inside), asked.on_days(Group.review_on))
        .order_by(Group.review_on, Group.id)
    )
    if asked.group_id is not None:
        rows = rows.where(Group.id == asked.group_id)
    elif asked.mine:
        rows = rows.where(Group.lead_id.in_(asked.me))
    for each in db.session.scalars(rows):
        assert each.review_on is not None
        yield CalendarLine(
            LineKind.REVIEW,
            each.coalition_id,
            f"engage-group-{each.coalition_id}-{each.id}",
            each.version,
            labels.group_to_review(each.name),
            each.review_on,
            "coalitions.group",
            {"group_id": each.id},
        )


def agreements(asked: Asked) -> Iterator[CalendarLine]:
    """Yields reviews and ends of signed agreements; only people who see everything get their titles and reviews."""
    if asked.group_id is not None:
        return
    rows = (
        sa.select(Agreement, Organization.name)
        .join(Organization, along(Agreement.organization_id, Organization))
        .where(
            Agreement.coalition_id.in_(asked.coalitions),
            Agreement.state == AgreementState.SIGNED,
            sa.or_(asked.on_days(Agreement.ends_on), asked.on_days(Agreement.review_on)),
        )
        .order_by(Agreement.number)
    )
    if asked.mine:
        rows = rows.where(Agreement.owner_id.in_(asked.me))
    for each, organization in db.session.execute(rows):
        inside = asked.sees_all(each.coalition_id)
        name = name_of(each.kind, each.title if inside else "", organization)
        for kind, day, title in (
            (LineKind.AGREEMENT, each.ends_on, labels.agreement_ends(name)),
            (LineKind.REVIEW, each.review_on if inside else None, labels.agreement_to_review(name)),
        ):
            if day is not None and asked.holds(day) and kind in asked.kinds:
                yield CalendarLine(
                    kind,
                    each.coalition_id,
                    f"engage-agreement-{each.coalition_id}-{each.id}-{kind}",
                    each.version,
                    title,
                    day,
                    "partners.agreement",
                    {"number": each.number},
                )


def rounds(asked: Asked) -> Iterator[CalendarLine]:
    """Yields opening, last day and closing of rounds; "mine" are those that ask the person to respond."""
    if asked.group_id is not None:
        return
    rows = (
        sa.select(Round)
        .options(defer(Round.questions))
        .where(Round.coalition_id.in_(asked.coalitions))
        .order_by(Round.opened_at, Round.id)
    )
    if asked.mine:
        invited = sa.exists().where(
            along(Participant.round_id, Round), Participant.membership_id.in_(asked.me)
        )
        rows = rows.where(sa.or_(Round.asked == AskedOf.EVERYONE, invited))
    for each in db.session.scalars(rows):
        zone = asked.zone(each.coalition_id)
        closed = each.closed_at if not each.is_open else None
        for what, day, title in (
            ("opens", local_day(each.opened_at, zone), labels.round_opens(each.title)),
            ("last", each.closes_on if closed is None else None, labels.round_takes_answers(each.title)),
            ("closed", local_day(closed, zone) if closed else None, labels.round_closed(each.title)),
        ):
            if day is not None and asked.holds(day) and (closed is None or not asked.waiting):
                yield CalendarLine(
                    LineKind.ROUND,
                    each.coalition_id,
                    f"engage-round-{each.coalition_id}-{each.id}-{what}",
                    each.version,
                    title,
                    day,
                    "assessment.index",
                )
