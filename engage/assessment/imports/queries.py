"""Reads what was brought in from files before: which rows, and what their columns and words meant."""

from collections.abc import Mapping
from typing import Any

import sqlalchemy as sa
from msgspec import Struct, field

from engage.assessment import queries
from engage.assessment.imports.target import OpenForAnyone
from engage.assessment.models import AnswersImport, Round
from engage.assessment.questions import QuestionSet
from engage.coalitions.models import Membership
from engage.database import along
from engage.extensions import db


class TakenBack(Struct, frozen=True):
    """An import that was taken back after its results were shown: its rows, who answered what, and the results."""

    rows: frozenset[str]
    crowd: str
    shown: Mapping[str, Any]


class BroughtIn(Struct, frozen=True):
    """What a coalition brought in before.

    `rows` maps each row to the round for anyone that still takes answers, or to None. `columns` and `words` are what
    they meant last.
    """

    rows: Mapping[str, int | None] = field(default_factory=dict)
    taken_back: tuple[TakenBack, ...] = ()
    columns: Mapping[str, str] = field(default_factory=dict)
    words: Mapping[str, str] = field(default_factory=dict)


def brought_in(membership: Membership) -> BroughtIn:
    """Returns what was brought in before, with the latest meaning of each name and word."""
    found = (
        sa.select(AnswersImport, Round.closed_at)
        .outerjoin(Round, along(AnswersImport.round_id, Round))
        .where(AnswersImport.coalition_id == membership.coalition_id)
        .order_by(AnswersImport.brought_at, AnswersImport.id)
    )
    rows: dict[str, int | None] = {}
    taken_back, columns, words = [], {}, {}
    for each, closed_at in db.session.execute(found):
        columns.update(each.columns)
        words.update(each.words)
        if each.taken_back_at is None:
            rows |= dict.fromkeys(each.rows, each.round_id if closed_at is None else None)
        elif each.shown:
            taken_back.append(TakenBack(frozenset(each.rows), each.crowd, each.shown))
    return BroughtIn(rows, tuple(taken_back), columns, words)


def open_for_anyone(membership: Membership) -> Round | None:
    """Returns the open round for anyone, unless it was closed before: then it is not known which answers it has."""
    found = (
        each for each in queries.open_rounds(membership) if each.is_for_anyone and each.closed_at is None
    )
    return next(found, None)


def as_destination(round_: Round) -> OpenForAnyone:
    asked = QuestionSet.from_json(round_.questions)
    pairs = ((each.key, each.meaning) for area in asked.areas for each in area.questions)
    return OpenForAnyone(round_.id, round_.title, frozenset(pairs))
