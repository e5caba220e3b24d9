"""Reads who a round asks and how far they are: names, states and counts, never what anyone answered."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa
from msgspec import Struct

from engage.assessment.models import Guest, Paper, Participant, Response, Round
from engage.assessment.queries import answers_given, counts, is_not_left_out
from engage.assessment.questions import QuestionSet
from engage.assessment.results.rules.people import People, all_by, together
from engage.assessment.rules import Asked, ChannelKind, RespondentState, WayIn, respondent_state
from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.queries import active
from engage.coalitions.rules import Role
from engage.content.model import Content, Discipline
from engage.database import SelectedRow, along
from engage.extensions import db

# The number of respondents on a page of the list.
PAGE_ROWS = 25


class TurnOut(Struct, frozen=True):
    """A round's turnout: people who may answer, have started, have finished online, and sheets entered from paper.

    Finished are people whose response would count if the round closed now.
    """

    invited: int
    started: int
    finished: int
    on_paper: int

    @property
    def waiting(self) -> int:
        return self.invited - self.finished


class Respondent(Struct, frozen=True):
    """A line of the list of respondents. `discipline` is the one by which the person was invited, or "".

    `is_here` is False for a person who has left, is paused or is a viewer; what they submitted still counts.
    """

    id: int
    name: str
    standing: RespondentState
    discipline: str
    is_here: bool

    @property
    def waits(self) -> bool:
        return self.is_here and self.standing.waits

    @property
    def is_special(self) -> bool:
        """Returns whether the person is listed for another reason than that the round asks them now."""
        return not self.is_here or self.standing is RespondentState.COUNTED


class RespondentPerson(Struct, frozen=True):
    """A person whom the round could ask."""

    id: int
    name: str
    disciplines: tuple[str, ...]
    is_asked: bool


class DisciplineCount(Struct, frozen=True):
    """A discipline that statements name as likely to know the answer, the number of these, and its people here."""

    discipline: Discipline
    statements: int
    people: int
    not_asked: int


class Routing(Struct, frozen=True):
    """The disciplines that likely know the answers to a round's statements, and to how many.

    `here` and `missing` never hold advisers with lived experience or coalition leads: they are invited by
    name, because Engage never stores who is one. `by_name` counts the statements that name each of these.
    """

    statements: int
    here: tuple[DisciplineCount, ...]
    missing: tuple[DisciplineCount, ...]
    by_name: dict[str, int]


def _can_answer() -> sa.ColumnElement[bool]:
    return sa.and_(*active(), Membership.user_id.is_not(None), Membership.role != Role.VIEWER)


def _everybody(round_: Round) -> sa.Select[int, str, bool, str, bool, bool]:
    """Selects people whom the round asks and who can answer, and everyone who has a response or took part.

    A round for anyone asks no one who has an account.
    """
    asked = sa.true() if round_.asked is Asked.EVERYONE else Participant.id.is_not(None)
    return (
        sa.select(
            Membership.id,
            Membership.name,
            _can_answer().label("is_here"),
            sa.func.coalesce(Participant.discipline, "").label("discipline"),
            sa.func.coalesce(Participant.took_part, sa.false()).label("took_part"),
            # NULL if no response was started
            sa.case((Response.id.is_not(None), counts(round_))).label("finished"),
        )
        .outerjoin(
            Participant,
            sa.and_(along(Participant.membership_id, Membership), along(Participant.round_id, round_)),
        )
        .outerjoin(
            Response, sa.and_(along(Response.respondent_id, Membership), along(Response.round_id, round_))
        )
        .where(
            Membership.coalition_id == round_.coalition_id,
            sa.or_(sa.and_(_can_answer(), asked), Response.id.is_not(None), Participant.took_part),
        )
    )


def turn_out(round_: Round) -> TurnOut:
    each = _everybody(round_).subquery()
    started = sa.or_(each.c.finished.is_not(None), each.c.took_part)
    finished = sa.or_(each.c.finished, each.c.took_part)
    people = sa.select(
        sa.func.count().label("invited"),
        sa.func.count(sa.case((started, 1))).label("started"),
        sa.func.count(sa.case((finished, 1))).label("finished"),
    ).select_from(each)
    papers = (
        sa.select(sa.func.count(Paper.id))
        .join(Response, along(Paper.response_id, Response))
        .where(Response.round_id == round_.id, counts(round_))
    )
    return TurnOut(**db.session.execute(people).one()._mapping, on_paper=db.session.scalar(papers) or 0)


def who_counts(round_: Round, unknown: WayIn) -> People:
    """Returns everyone whom a closing would count now.

    `unknown` is used as the way of responses that have none stored.
    """
    by_hand = sa.or_(Guest.id.is_not(None), Paper.id.is_not(None))
    way = sa.case(
        (Response.way.is_not(None), Response.way),
        (Response.respondent_id.is_not(None), WayIn.ACCOUNT),
        (Guest.kind == ChannelKind.LINK, WayIn.LINK),
        (by_hand, WayIn.PAPER),
        else_=unknown,
    )
    rows = (
        sa.select(way, sa.func.count())
        .select_from(Response)
        .outerjoin(Guest, along(Guest.response_id, Response))
        .outerjoin(Paper, along(Paper.response_id, Response))
        .where(Response.coalition_id == round_.coalition_id, Response.round_id == round_.id, counts(round_))
        .group_by(way)
    )
    return together(all_by(WayIn(came), number) for came, number in db.session.execute(rows))


def who_took_part(round_: Round) -> int:
    """Returns how many people with an account earlier closings counted."""
    took_part = sa.select(sa.func.count()).where(
        Participant.coalition_id == round_.coalition_id,
        Participant.round_id == round_.id,
        Participant.took_part,
    )
    return db.session.scalar(took_part) or 0


def partly_answered(round_: Round) -> list[int]:
    """Returns how many answers each unfinished response has, most first: closing deletes them.

    The numbers come without names. Responses that were taken back are left out, since their owners need no
    reminder.
    """
    given = answers_given()
    rows = sa.select(given).where(
        Response.coalition_id == round_.coalition_id,
        Response.round_id == round_.id,
        Response.taken_back.is_(False),
        sa.not_(counts(round_)),
        is_not_left_out(round_),
        given > 0,
    )
    return sorted(db.session.scalars(rows), reverse=True)


def respondents(round_: Round) -> list[Respondent]:
    """Returns the respondents by name; people who have not finished come first."""
    rows = _everybody(round_).order_by(Membership.sort_key, Membership.id)
    found = [_respondent(row) for row in db.session.execute(rows)]
    return sorted(found, key=lambda each: not each.waits)


def respondent_of(round_: Round, person: Membership) -> Respondent | None:
    """Returns this person as a respondent; None if they are not one."""
    row = db.session.execute(_everybody(round_).where(Membership.id == person.id)).first()
    return _respondent(row) if row is not None else None


def _respondent(row: SelectedRow) -> Respondent:
    return Respondent(
        id=row.id,
        name=row.name,
        standing=respondent_state(is_asked=True, took_part=row.took_part, submitted=row.finished),
        discipline=row.discipline,
        is_here=row.is_here,
    )


def people_to_ask(round_: Round) -> list[RespondentPerson]:
    """Returns everyone in the coalition who can answer a round, by name, with their disciplines."""
    rows = (
        sa.select(Membership.id, Membership.name, Participant.id.is_not(None))
        .outerjoin(
            Participant,
            sa.and_(along(Participant.membership_id, Membership), along(Participant.round_id, round_)),
        )
        .where(Membership.coalition_id == round_.coalition_id, _can_answer())
        .order_by(Membership.sort_key, Membership.id)
    )
    does = _disciplines(round_)
    return [
        RespondentPerson(key, name, tuple(does.get(key, ())), is_asked)
        for key, name, is_asked in db.session.execute(rows)
    ]


def _disciplines(round_: Round) -> dict[int, list[str]]:
    """Returns the disciplines of each person of the coalition, by the person's id."""
    rows = sa.select(MembershipDiscipline.membership_id, MembershipDiscipline.discipline).where(
        MembershipDiscipline.coalition_id == round_.coalition_id
    )
    found: dict[int, list[str]] = {}
    for key, discipline in db.session.execute(rows.order_by(MembershipDiscipline.discipline)):
        found.setdefault(key, []).append(discipline)
    return found


def routing(round_: Round, people: list[RespondentPerson], content: Content) -> Routing:
    """Returns which disciplines the round's statements name, and which of these people have them."""
    questions = [each for area in QuestionSet.from_json(round_.questions).areas for each in area.questions]
    named = Counter(key for question in questions for key in question.ask)
    have = Counter(key for person in people for key in person.disciplines)
    new = Counter(key for person in people if not person.is_asked for key in person.disciplines)
    counts = [
        DisciplineCount(each, named[each.key], have[each.key], new[each.key])
        for each in content.person_disciplines()
        if named[each.key] or have[each.key]
    ]
    offered = {each.key for each in content.person_disciplines()}
    return Routing(
        statements=len(questions),
        here=tuple(each for each in counts if each.people),
        missing=tuple(sorted((c for c in counts if not c.people), key=lambda c: -c.statements)),
        by_name={key: number for key, number in named.items() if key not in offered},
    )
