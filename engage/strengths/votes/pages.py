"""Builds a vote's pages, with their words and addresses."""

from collections.abc import Collection, Sequence

from flask import url_for
from markupsafe import Markup
from msgspec import Struct

from engage.strengths.votes.labels import counted_words, place_words, result_words, turnout
from engage.strengths.votes.queries import RunningVote, VotedNeed
from engage.strengths.votes.results import RankedNeed, ranking_of
from engage.strengths.votes.rules import VoteState
from engage.web import links
from engage.web.slips import PrintedSlip, slip


class PlaceRow(Struct, frozen=True):
    """A need of the ranking.

    `part` is the bar's length, 0 to 100; `goal` says if the plan has a goal for it.
    """

    place: str
    number: int
    need_id: int
    title: str
    result: str
    counted: str
    part: float
    closed: bool
    goal: bool


def place_rows(rows: Sequence[RankedNeed], goals: Collection[int] = ()) -> list[PlaceRow]:
    """Returns the rows of the ranking; `goals` are ids of needs that already have a goal."""
    most = max((row.result.weight or 0 for row in rows), default=0)
    return [
        PlaceRow(
            place=place_words(row),
            number=row.need.number,
            need_id=row.need.need_id,
            title=row.need.title,
            result=result_words(row),
            counted=counted_words(row),
            part=100 * (row.result.weight or 0) / most if most else 0,
            closed=row.need.closed,
            goal=row.need.need_id in goals,
        )
        for row in rows
    ]


def short_link(standing: RunningVote) -> str:
    """Returns the vote's address to type, without the parts that a browser adds itself."""
    return links.short(links.external(address_of(standing)))


def address_of(standing: RunningVote) -> str:
    return url_for("vote.ballot", token=standing.token)


class OrderRow(Struct, frozen=True):
    """A need's rank while ballots still come in; no other numbers are shown."""

    place: int
    title: str


class Screen(Struct, frozen=True):
    """The screen on the wall: how to take part and the turnout before and during the vote, then the ranking.

    `order` has the ranks alone, if the facilitator shows them while ballots still come in.
    """

    standing: RunningVote
    turnout: str
    link: str
    qr: Markup
    hands: list[str]
    phones: int
    order: list[OrderRow]
    rows: list[PlaceRow]

    @classmethod
    def of(cls, standing: RunningVote, needs: Sequence[VotedNeed]) -> "Screen":
        is_over = standing.state is VoteState.CLOSED
        ranked: list[RankedNeed] = []
        if is_over or (standing.is_open and standing.shows_order):
            ranked = ranking_of(standing.coalition_id, standing.id, standing.method, standing.state, needs)
        return cls(
            standing=standing,
            turnout=turnout(standing),
            link=short_link(standing),
            qr=links.qr(links.external(address_of(standing))),
            hands=[need.title for need in needs if need.by_hand],
            phones=sum(not need.by_hand for need in needs),
            order=[]
            if is_over
            else [OrderRow(row.place, row.need.title) for row in ranked if row.place is not None],
            rows=place_rows(ranked) if is_over else [],
        )


def card(code: str) -> PrintedSlip:
    """Returns the slip of paper with this code."""
    return slip(code, url_for("vote.ballot", token=code))
