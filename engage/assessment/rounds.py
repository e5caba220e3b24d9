"""Writes on a round itself: opening and closing it. Those of a respondent are in `service.py`."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Mapping
from datetime import date
from typing import Any

import sqlalchemy as sa
from flask_babel import gettext as _

from engage import clock, history
from engage.assessment import closing, efforts, queries, rules
from engage.assessment.models import Answer, Response, Round, StoredRelease
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.releases import OTHERS, Release
from engage.coalitions import service as coalitions
from engage.coalitions.models import Membership
from engage.content.loader import content
from engage.content.model import Content
from engage.errors import WrongState
from engage.extensions import db

LANGUAGE = "en"
# A respondent whose sector nobody knows.
UNKNOWN_SECTOR = "other"


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
    named = efforts.named_in(round_)
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
    efforts.keep(round_, named, shared=released)
