"""Makes actions of a meeting's decisions or agenda items, or of an indicator, in one step: pressed twice, it is one."""

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
    """Returns the action made of the decision, making it if needed; whoever carries the decision leads it."""
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
    membership: Membership, round_: Round, indicator: str, title: str, need_id: int | None
) -> Action:
    """Returns the action made of an indicator in this round, making it if needed."""
    lock(round_.coalition_id)
    of_indicator = Action.round_id == round_.id, Action.indicator == indicator
    found = db.session.scalar(sa.select(Action).where(*of_indicator).order_by(Action.number).limit(1))
    return found or service.create_action(
        membership, title=title, round_=round_, indicator=indicator, need_id=need_id
    )


def add_from_line(membership: Membership, item: AgendaItem, title: str, owner_id: int | None) -> Action:
    """Returns the action of this title that came of an agenda item, making it if needed."""
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
    """Returns the workgroup that met: what it takes on is its own."""
    return db.session.get_one(Meeting, meeting_id).group_id


def titled(text: str) -> str:
    """Returns the text in one line that fits an action's title, cut at a word."""
    line = " ".join(text.split())
    if len(line) <= _TITLE_LONGEST:
        return line
    cut = line[: _TITLE_LONGEST - 1]
    return f"{cut.rpartition(' ')[0] or cut}…"
