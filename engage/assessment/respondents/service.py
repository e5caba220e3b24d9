"""Handles whom a round asks: inviting, removing, and what a closing stores about those who took part."""

from __future__ import annotations

from collections.abc import Collection, Iterable

import sqlalchemy as sa

from engage import history
from engage.assessment.models import Participant, Response, Round
from engage.assessment.queries import counts
from engage.assessment.respondents import queries
from engage.assessment.rules import Asked
from engage.assessment.service import hold_open
from engage.coalitions.models import Membership
from engage.database import insert
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import queries as partners_queries


def invite(
    membership: Membership, round_: Round, people: Collection[int], disciplines: Collection[str] = ()
) -> int:
    """Invites these people, by id, and everyone with one of these disciplines. Returns how many are new.

    People who get a discipline later are not included. Raises RoundIsClosed, and WrongState if everyone is
    asked anyway.
    """
    hold_open(round_)
    if round_.asked is Asked.ANYONE:
        raise WrongState(_("Anyone with the link may answer this round, so no one is invited."))
    if round_.asked is Asked.EVERYONE:
        raise WrongState(_("This round already asks everyone."))
    invited = {}
    for person in queries.people_to_ask(round_):
        if person.is_asked:
            continue
        by = next((key for key in person.disciplines if key in disciplines), None)
        if person.id in people:
            invited[person.id] = ""
        elif by is not None:
            invited[person.id] = by
    _add(round_, invited.items())
    if invited:
        history.note(membership, round_, "invited", new=len(invited))
    return len(invited)


def take_out(membership: Membership, round_: Round, person: Membership) -> None:
    """Stops asking this person, and deletes what they have answered so far.

    Raises RoundIsClosed. Raises WrongState if everyone is asked, if this person is not asked, or if they took
    part before the round was reopened, since then it is unknown which answers are theirs.
    """
    hold_open(round_, alone=True)
    if round_.asked is Asked.EVERYONE:
        raise WrongState(_("This round asks everyone. First change it to ask only invited people."))
    row = db.session.scalar(
        sa.select(Participant).where(
            Participant.round_id == round_.id, Participant.membership_id == person.id
        )
    )
    if row is None:
        raise WrongState(_("This round does not ask %(name)s.", name=person.name))
    if row.took_part:
        raise WrongState(
            _(
                "%(name)s took part before this round was reopened. No one can tell which answers "
                "are theirs, so the answers stay.",
                name=person.name,
            )
        )
    db.session.delete(row)
    db.session.execute(
        sa.delete(Response).where(Response.round_id == round_.id, Response.respondent_id == person.id)
    )
    history.note(membership, round_, "taken_out", old=person.id)


def keep_asking(round_: Round) -> None:
    """Invites the people who have started, before the round changes to invited people only."""
    _add(round_, ((key, "") for key in _respondents(round_)))


def submit_answered(round_: Round) -> None:
    """Submits responses that answer everything, if the round's respondents were told that these count."""
    sector = partners_queries.sector_at(Response.respondent_id).scalar_subquery()
    answered = sa.update(Response).where(
        Response.coalition_id == round_.coalition_id,
        Response.round_id == round_.id,
        Response.submitted.is_(False),
        counts(round_),
    )
    submitted = answered.values(submitted=True, sector=sa.func.coalesce(sector, Response.sector))
    db.session.execute(submitted.execution_options(synchronize_session=False))


def keep_who_took_part(round_: Round) -> None:
    """Records who submitted, before closing erases who said what, so that no one can answer twice."""
    submitted = _respondents(round_, submitted=True)
    _add(round_, ((key, "") for key in submitted))
    mine = sa.select(Response.respondent_id).where(
        Response.round_id == round_.id, Response.submitted, Response.respondent_id.is_not(None)
    )
    took_part = sa.update(Participant).where(
        Participant.round_id == round_.id, Participant.membership_id.in_(mine)
    )
    db.session.execute(took_part.values(took_part=True).execution_options(synchronize_session=False))


def _respondents(round_: Round, *, submitted: bool = False) -> list[int]:
    rows = sa.select(Response.respondent_id).where(
        Response.round_id == round_.id, Response.respondent_id.is_not(None)
    )
    if submitted:
        rows = rows.where(Response.submitted)
    return [key for key in db.session.scalars(rows) if key is not None]


def _add(round_: Round, people: Iterable[tuple[int, str]]) -> None:
    """Adds participants who are missing, ordered by person, so that the order of rows reveals nothing."""
    rows = [
        {
            "coalition_id": round_.coalition_id,
            "round_id": round_.id,
            "membership_id": key,
            "discipline": discipline,
            "took_part": False,
        }
        for key, discipline in sorted(people)
    ]
    if rows:
        new = insert(Participant, db.engine.dialect.name).on_conflict_do_nothing(
            index_elements=["round_id", "membership_id"]
        )
        db.session.execute(new, rows)
