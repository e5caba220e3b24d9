"""Makes saved votes, and phones that vote."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from flask import Flask

from engage.coalitions.models import Membership
from engage.extensions import db
from engage.strengths.models import Need
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.models import Vote
from engage.strengths.votes.rules import VoteAccess, VoteMethod, VoteState
from tests.client import EngageClient
from tests.html import Page
from tests.strengths.rows import make_need

Numbers = tuple[int, int]


def make_vote(
    by: Membership,
    needs: Sequence[Need] | None = None,
    *,
    state: VoteState = VoteState.OPEN,
    hands: Sequence[Need] = (),
    **values: Any,
) -> Vote:
    """Makes an open vote on two needs by phones, importance and feasibility, for anyone with the link."""
    if needs is None:
        needs = () if hands else (make_need(by, "No bed for boys"), make_need(by, "Rides after dark"))
    given = {
        "title": "What first?",
        "meeting_id": None,
        "method": VoteMethod.RATING,
        "access": VoteAccess.OPEN,
        "dots": None,
        "dots_each": None,
        "shows_order": False,
        **values,
    }
    if given["method"] is VoteMethod.DOTS:
        given |= {"dots": values.get("dots", 5), "dots_each": values.get("dots_each", 3)}
    chosen = [*((need.id, False) for need in needs), *((need.id, True) for need in hands)]
    vote = votes_service.prepare(by, given, chosen)
    if state is not VoteState.PREPARED:
        votes_service.open_vote(by, vote)
    if state is VoteState.CLOSED:
        votes_service.close(by, vote)
    db.session.commit()
    return vote


def phone(app: Flask) -> EngageClient:
    """Returns a browser of someone in the room who has not signed in."""
    made = app.test_client()
    assert isinstance(made, EngageClient)
    return made


def ratings(page: Page, marks: Mapping[int, Numbers]) -> dict[str, str]:
    """Returns the fields of a rating ballot: importance and feasibility by the need's place on the page, from 0."""
    keys = [re.sub(r"\D", "", node.attributes["id"] or "") for node in page.all(".ballot-need")]
    fields = {}
    for place, (importance, feasibility) in marks.items():
        fields[f"importance-{keys[place]}"] = str(importance)
        fields[f"feasibility-{keys[place]}"] = str(feasibility)
    return fields


def vote_by_phone(app: Flask, token: str, *marks: Numbers) -> EngageClient:
    """Opens the link on a new phone and hands in these ratings, in the order of the page."""
    client = phone(app)
    page = client.page(f"/vote/{token}")
    answer = client.send(f"/vote/{token}", **ratings(page, dict(enumerate(marks))))
    assert answer.status == 303, answer.text("main")
    return client
