"""Writes of the community assessment: opening, answering, submitting and closing a round."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _
from sqlalchemy.dialects import postgresql, sqlite

from engage import clock, history
from engage.assessment import closing, queries, rules
from engage.assessment.models import Answer, Response, Round, StoredRelease
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.releases import OTHERS, Release
from engage.assessment.rules import Said
from engage.coalitions import service as coalitions
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.content.model import Content
from engage.errors import WrongState
from engage.extensions import db
from engage.partners import queries as partners

LANGUAGE = "en"
# A respondent whose sector nobody knows.
UNKNOWN_SECTOR = "other"


class RoundIsClosed(WrongState):
    """The round takes no answers any more."""


def open_round(membership: Membership, title: str, closes_on: date | None, k: int) -> Round:
    """Open a round on the questions as they stand now. Raises WrongState while another one is open."""
    coalitions.lock(membership.coalition_id)
    if queries.open_round(membership) is not None:
        raise WrongState(_("A round is already open. Close it before you open another one."))
    round_ = Round(
        coalition_id=membership.coalition_id,
        title=title,
        k=k,
        questions=frozen(content(LANGUAGE), LANGUAGE).to_json(),
        opened_at=clock.now(),
        opened_by_id=membership.id,
        closes_on=closes_on,
    )
    db.session.add(round_)
    db.session.flush()
    _note(membership, round_, "state", new=rules.RoundState.OPEN)
    return round_


def start(membership: Membership, round_: Round) -> Response:
    """This person's response, made at the first call. Raises WrongState where their sector is unknown."""
    _hold_open(round_)
    sector = partners.sector_of(membership.id)
    if sector is None:
        raise WrongState(_("Say first which organization you come from, or that you are a resident."))
    # A second press, or a second tab, finds the row that the first one made.
    new = _insert(Response).values(
        coalition_id=membership.coalition_id,
        round_id=round_.id,
        respondent_id=membership.id,
        sector=sector,
        started_at=clock.now(),
        submitted=False,
        released=False,
    )
    db.session.execute(new.on_conflict_do_nothing(index_elements=["round_id", "respondent_id"]))
    response = queries.own_response(membership, round_)
    assert response is not None
    return response


def save_answers(membership: Membership, round_: Round, said: Mapping[str, Said]) -> Response:
    """Save answers by indicator key, each over what was there: in two tabs the last one wins.

    Raises RoundIsClosed, and WrongState for somebody who has not started.
    """
    response = _own_open(membership, round_)
    if not said:
        return response
    now = clock.now()
    rows = [
        {
            "coalition_id": response.coalition_id,
            "response_id": response.id,
            "indicator": key,
            "kind": each.answer.kind,
            "rating": each.answer.rating,
            "note": each.note,
            "answered_at": now,
        }
        # In one order, so that two tabs saving at once never wait for each other.
        for key, each in sorted(said.items())
    ]
    new = _insert(Answer).values(rows)
    replaced = {name: new.excluded[name] for name in ("kind", "rating", "note", "answered_at")}
    db.session.execute(new.on_conflict_do_update(index_elements=["response_id", "indicator"], set_=replaced))
    return response


def submit(membership: Membership, round_: Round) -> None:
    """Count the response from now on; answers can be changed until the round closes.

    Raises RoundIsClosed, and WrongState while nothing is answered.
    """
    response = _own_open(membership, round_)
    if not queries.answered_keys(response):
        raise WrongState(_("Answer at least one question before you submit."))
    response.submitted = True
    response.sector = partners.sector_of(membership.id) or response.sector


def close_round(membership: Membership, round_: Round) -> StoredRelease:
    """Close the round for good: compute its release, and erase who answered and when.

    What was started and never submitted is deleted. Raises WrongState when it was closed meanwhile.
    """
    closed = (
        sa.update(Round)
        .where(Round.id == round_.id, Round.closed_at.is_(None))
        .values(closed_at=clock.now(), version=Round.version + 1)
        .execution_options(synchronize_session=False)
    )
    if db.session.execute(closed).rowcount != 1:  # type: ignore[attr-defined]
        raise WrongState(_("This round is closed already."))
    questions = QuestionSet.from_json(round_.questions)
    responses, rows = _submitted(round_)
    words = content(questions.language)
    counted = [_for_rules(response, rows, words) for response in responses]
    release = closing.release(
        questions.for_rules, counted, [group.key for group in words.sector_groups], round_.k
    )
    stored = StoredRelease(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        number=1,
        respondents=release.respondents,
        made_at=clock.now(),
        results={**release.to_json(), "people": _people(release, counted)},
    )
    db.session.add(stored)
    _forget_who(round_, responses, rows, bool(release.respondents))
    _note(membership, round_, "state", old=rules.RoundState.OPEN, new=rules.RoundState.CLOSED)
    return stored


def _insert(model: type[Any]) -> Any:
    """An INSERT that can say what happens on a conflict, in either database's words."""
    return (sqlite.insert if db.engine.dialect.name == "sqlite" else postgresql.insert)(model)


def _hold_open(round_: Round) -> None:
    """Keep the round open until the commit, so that no answer slips in behind the closing."""
    still = sa.select(Round.id).where(Round.id == round_.id, Round.closed_at.is_(None))
    if db.session.scalar(still.with_for_update(read=True)) is None:
        raise RoundIsClosed(_("This round is closed. It takes no more answers."))


def _own_open(membership: Membership, round_: Round) -> Response:
    """This person's response, held open until the commit."""
    _hold_open(round_)
    response = queries.own_response(membership, round_)
    if response is None:
        raise WrongState(_("Read first who will see what, and press Start."))
    return response


def _note(membership: Membership, round_: Round, field: str, **values: Any) -> None:
    history.record(round_.coalition_id, membership.id, Round.__tablename__, round_.id, field, **values)


Rows = Mapping[int, list[dict[str, Any]]]


def _submitted(round_: Round) -> tuple[list[Any], Rows]:
    """The submitted responses as (id, sector), and their answers by response."""
    mine = (
        Response.coalition_id == round_.coalition_id,
        Response.round_id == round_.id,
        Response.submitted.is_(True),
    )
    responses = list(db.session.execute(sa.select(Response.id, Response.sector).where(*mine)))
    answers = (
        sa.select(Answer.response_id, Answer.indicator, Answer.kind, Answer.rating, Answer.note)
        .join(Response, Response.id == Answer.response_id)
        .where(*mine)
    )
    rows: dict[int, list[dict[str, Any]]] = {}
    for answer in db.session.execute(answers):
        rows.setdefault(answer.response_id, []).append(dict(answer._mapping))
    return responses, rows


def _for_rules(response: Any, rows: Rows, words: Content) -> closing.Response:
    group = next((each.group for each in words.sectors if each.key == response.sector), None)
    group = group or words.sector(UNKNOWN_SECTOR).group
    answers = {
        row["indicator"]: rules.Answer(row["kind"], row["rating"]) for row in rows.get(response.id, [])
    }
    return closing.Response(response.sector, group, answers)


def _people(release: Release, counted: list[closing.Response]) -> dict[str, int]:
    """How many people each column of the release holds."""
    sizes = Counter(response.group for response in counted if response.answers)
    people = {group: sizes[group] for group in release.groups if group != OTHERS}
    if OTHERS in release.groups:
        people[OTHERS] = release.respondents - sum(people.values())
    return people


def _forget_who(round_: Round, responses: list[Any], rows: Rows, released: bool) -> None:
    """Write what was submitted anew: without respondent and times, and in an order that tells nothing of
    who came first, for row numbers would."""
    db.session.execute(
        sa.delete(Response).where(
            Response.coalition_id == round_.coalition_id, Response.round_id == round_.id
        )
    )
    random.SystemRandom().shuffle(responses)
    for response in responses:
        new = Response(
            coalition_id=round_.coalition_id,
            round_id=round_.id,
            sector=response.sector,
            submitted=True,
            released=released,
        )
        db.session.add(new)
        db.session.flush()
        said = sorted(rows.get(response.id, []), key=lambda row: str(row["indicator"]))
        if said:
            db.session.execute(
                sa.insert(Answer),
                [{**row, "coalition_id": round_.coalition_id, "response_id": new.id} for row in said],
            )
