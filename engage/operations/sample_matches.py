"""The sample coalition's matches: in each state, one of them an action of the plan."""

from typing import TYPE_CHECKING

import sqlalchemy as sa

from engage.extensions import db
from engage.plan.models import Action
from engage.strengths import matches, service
from engage.strengths.rules import MatchState

if TYPE_CHECKING:
    from engage.operations.sample import Sample


def add_matches(sample: "Sample") -> None:
    """After strengths, needs and plan: a match says by its title which action follows from it."""
    maria = sample.people["maria"]
    for values in sample.source["matches"]:
        ask = values.get("ask", "")
        person = sample.people.get(ask)
        match = service.tie(
            maria,
            sample.needs[values["need"]],
            sample.strengths[values["strength"]],
            how=values.get("how", ""),
            ask=person,
            ask_words="" if person is not None else ask,
        )
        match.created_at = sample.moment(-18)
        state = MatchState(values["state"])
        asked_on = sample.day(values.get("asked"))
        matches.edit(maria, match, match.version, {"state": state, "asked_on": asked_on})
        if title := values.get("action"):
            action = db.session.scalars(sa.select(Action).where(Action.title == title)).one()
            action.need_id, action.match_id = match.need_id, match.id
    for key in sample.source["none_found"]:
        matches.note_none_found(maria, sample.needs[key])
    db.session.flush()
