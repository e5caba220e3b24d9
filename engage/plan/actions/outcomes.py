"""Makes actions from a meeting's decisions or agenda items, or from an indicator; pressing twice makes one action."""

import sqlalchemy as sa

from engage.assessment.models import Round
from engage.coalitions.models import Membership
from engage.coalitions.service import lock
from engage.extensions import db
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.plan.actions import service
from engage.plan.models import Action

_TITLE_LONGEST = 300


def act_on_decision(membership: Membership, decision: Decision) -> Action:
    """Returns the action made from the decision, and makes it if needed; who carries it out is its lead."""
    lock(decision.coalition_id)
    found = db.session.scalar(
        sa.select(Action).where(Action.decision_id == decision.id).order_by(Action.number).limit(1)
    )
    if found is not None:
        return found
    title = titled(decision.text)
    return service.create_action(
        membership,
        title=title,
        owner_id=decision.owner_id,
        details=decision.text if title != decision.text else "",
        decision_id=decision.id,
        group_id=_group_of(decision.meeting_id),
    )


def act_on_indicator(
    membership: Membership, round_: Round, indicator: str, title: str, need_id: int
) -> Action:
    """Returns the action made from an indicator in this round, and makes it if needed."""
    lock(round_.coalition_id)
    of_indicator = Action.round_id == round_.id, Action.indicator == indicator
    found = db.session.scalar(sa.select(Action).where(*of_indicator).order_by(Action.number).limit(1))
    return found or service.create_action(
        membership, title=title, round_=round_, indicator=indicator, need_id=need_id
    )


def add_from_line(membership: Membership, item: AgendaItem, title: str, owner_id: int | None) -> Action:
    """Returns the action with this title that came from an agenda item, and makes it if needed."""
    lock(item.coalition_id)
    of_line = Action.agenda_item_id == item.id, Action.title == title
    found = db.session.scalar(sa.select(Action).where(*of_line).order_by(Action.number).limit(1))
    return found or service.create_action(
        membership,
        title=title,
        owner_id=owner_id,
        agenda_item_id=item.id,
        group_id=_group_of(item.meeting_id),
    )


def _group_of(meeting_id: int) -> int | None:
    """Returns the workgroup that met, which owns the work that it takes on."""
    return db.session.get_one(Meeting, meeting_id).group_id


def titled(text: str) -> str:
    """Returns the text on one line, cut at a word to fit an action's title."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_LONGEST:
        return line
    cut = line[: _TITLE_LONGEST - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
