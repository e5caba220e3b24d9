"""Writes answers and responses, for the wizard and for paper."""

from collections.abc import Mapping
from datetime import datetime
from functools import cache
from typing import Any

import sqlalchemy as sa

from engage import clock
from engage.assessment import queries
from engage.assessment.models import Answer, Response, Round
from engage.assessment.rules import Said
from engage.assessment.service import hold_open, must_be_asked, own_open
from engage.coalitions.models import Membership
from engage.database import insert
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.partners import queries as partners_queries


def start(membership: Membership, round_: Round, language: str) -> Response:
    """Returns this person's response, which the first call makes; `language` is that of the questions they read.

    Raises NotAsked. Raises WrongState if the person took part before the round was reopened, or if their
    sector is unknown.
    """
    hold_open(round_)
    must_be_asked(membership, round_)
    sector = partners_queries.sector_of(membership.id)
    if sector is None:
        raise WrongState(_("First choose your organization, or say that you are a resident."))
    # If the button is pressed twice, or in a second tab, the row that the first one made is used.
    new = insert(Response, db.engine.dialect.name).values(
        coalition_id=membership.coalition_id,
        round_id=round_.id,
        respondent_id=membership.id,
        sector=sector,
        language=language,
        started_at=clock.now(),
        submitted=False,
        released=False,
    )
    db.session.execute(new.on_conflict_do_nothing(index_elements=["round_id", "respondent_id"]))
    response = queries.own_response(membership, round_)
    assert response is not None
    return response


def save_answers(membership: Membership, round_: Round, said: Mapping[str, Said]) -> Response:
    """Saves answers by indicator key over earlier ones; if two tabs save, the later one wins.

    Raises RoundIsClosed, and WrongState for someone who has not started.
    """
    response = own_open(membership, round_)
    write_answers(response, said, clock.now())
    return response


def write_answers(
    response: Response, said: Mapping[str, Said], at: datetime | None, *, keeps_notes: bool = False
) -> None:
    """Writes answers by indicator key over the response's earlier ones; if `at` is None, no time is stored.

    With `keeps_notes`, the note of an earlier answer stays.
    """
    if not said:
        return
    rows = [
        {
            "coalition_id": response.coalition_id,
            "response_id": response.id,
            "indicator": key,
            "kind": each.answer.kind,
            "rating": each.answer.rating,
            "chosen": each.answer.bits,
            "note": each.note,
            "answered_at": at,
        }
        # The keys are sorted, so that two tabs that save at the same time cannot deadlock.
        for key, each in sorted(said.items())
    ]
    db.session.execute(_keeping_answers(db.engine.dialect.name, keeps_notes), rows)


@cache
def _keeping_answers(dialect: str, keeps_notes: bool) -> Any:
    """Returns the INSERT that replaces an earlier answer.

    The statement is built once, because building it takes longer than running it.
    """
    table = sa.inspect(Answer).local_table
    assert isinstance(table, sa.Table)
    new = insert(table, dialect)
    names = ("kind", "rating", "chosen", "answered_at", *(() if keeps_notes else ("note",)))
    replaced = {name: new.excluded[name] for name in names}
    return new.on_conflict_do_update(index_elements=["response_id", "indicator"], set_=replaced)


def submit(membership: Membership, round_: Round, language: str) -> None:
    """Makes the response count; its answers can still be changed until the round closes.

    Raises RoundIsClosed, and WrongState while nothing is answered.
    """
    response = own_open(membership, round_)
    hand_in(response, language)
    response.sector = partners_queries.sector_of(membership.id) or response.sector


def hand_in(response: Response, language: str) -> None:
    """Makes a response count, and records the language of the questions that its owner reads now.

    The response's round must be locked as open. Raises WrongState while nothing is answered.
    """
    if not queries.answered_keys(response):
        raise WrongState(_("Answer at least one question before you submit."))
    response.submitted, response.taken_back, response.language = True, False, language


def take_back(membership: Membership, round_: Round) -> None:
    """Makes the response not count until it is submitted again, even if everything is answered.

    Raises RoundIsClosed.
    """
    response = own_open(membership, round_)
    response.submitted, response.taken_back = False, True
