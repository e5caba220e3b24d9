"""Saves, lists and removes responses entered from paper while their round is open.

They count like all others. Until closing, Engage stores which responses came on paper, who entered them and
when, so that a wrong one can be found. Their answers are never shown again.
"""

from collections.abc import Mapping
from datetime import datetime

import sqlalchemy as sa
from msgspec import Struct
from sqlalchemy.exc import IntegrityError

from engage import clock, history
from engage.assessment.models import Answer, Paper, Response, Round
from engage.assessment.rules import Said
from engage.assessment.service import hold_open
from engage.coalitions.models import Membership
from engage.database import along
from engage.errors import FieldRefused
from engage.extensions import db
from engage.i18n import gettext as _

LARGEST_NUMBER = 9999


class PaperRow(Struct, frozen=True):
    """A line in the list of entered papers; it holds no answers."""

    number: int
    keyed_by: str
    keyed_at: datetime


def papers_of(round_: Round) -> list[PaperRow]:
    """Returns the sheets entered since the round was opened or reopened, by number."""
    rows = (
        sa.select(Paper.number, Membership.name.label("keyed_by"), Paper.keyed_at)
        .join(Membership, along(Paper.keyed_by_id, Membership))
        .where(Paper.coalition_id == round_.coalition_id, Paper.round_id == round_.id)
        .order_by(Paper.number)
    )
    return [PaperRow(**row._mapping) for row in db.session.execute(rows)]


def paper_of(round_: Round, number: int) -> Paper | None:
    """Returns the entered sheet with this number."""
    return db.session.scalar(
        sa.select(Paper).where(
            Paper.coalition_id == round_.coalition_id, Paper.round_id == round_.id, Paper.number == number
        )
    )


def next_number(round_: Round) -> int:
    """Returns the number after the highest one entered."""
    highest = sa.select(sa.func.max(Paper.number)).where(
        Paper.coalition_id == round_.coalition_id, Paper.round_id == round_.id
    )
    return min((db.session.scalar(highest) or 0) + 1, LARGEST_NUMBER)


def key_paper(
    membership: Membership, round_: Round, number: int, sector: str, language: str, said: Mapping[str, Said]
) -> Paper:
    """Saves the answers of one sheet by indicator key; they count as submitted. `language` is that of the sheet.

    Raises FieldRefused on `number` if that sheet was already entered, and RoundIsClosed.
    """
    hold_open(round_)
    response = Response(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        sector=sector,
        language=language,
        submitted=True,
    )
    paper = Paper(
        coalition_id=round_.coalition_id,
        round_id=round_.id,
        number=number,
        keyed_by_id=membership.id,
        keyed_at=clock.now(),
    )
    try:
        with db.session.begin_nested():
            db.session.add(response)
            db.session.flush()
            paper.response_id = response.id
            db.session.add(paper)
    except IntegrityError:
        raise FieldRefused("number", _already_keyed(round_, number)) from None
    rows = [
        {
            "coalition_id": round_.coalition_id,
            "response_id": response.id,
            "indicator": key,
            "kind": each.answer.kind,
            "rating": each.answer.rating,
            "chosen": each.answer.bits,
            "note": each.note,
        }
        for key, each in said.items()
    ]
    db.session.execute(sa.insert(Answer), rows)
    return paper


def take_out(membership: Membership, round_: Round, paper: Paper) -> None:
    """Deletes an entered sheet with its answers.

    Raises RoundIsClosed, because after closing it is unknown which response it is.
    """
    hold_open(round_)
    db.session.execute(
        sa.delete(Response).where(
            Response.coalition_id == round_.coalition_id, Response.id == paper.response_id
        )
    )
    history.note(membership, round_, "paper", old=paper.number)


def _already_keyed(round_: Round, number: int) -> str:
    return _(
        "Paper %(number)s is already entered. If this is another sheet, number it %(next)s.",
        number=number,
        next=next_number(round_),
    )
