"""Builds what people and organizations offer, and whether it was used, from matches and their actions."""

from collections import defaultdict
from collections.abc import Sequence

import sqlalchemy as sa
from flask import url_for
from msgspec import Struct

from engage.chain.offers.rules import OfferFact, OfferStage, Use, use_of
from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import along
from engage.dates import medium_day
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.models import Action
from engage.plan.rules import ActionStatus
from engage.strengths.models import Match, Strength

TAGS = {
    OfferStage.NONE: "notstarted",
    OfferStage.DECLINED: "notstarted",
    OfferStage.MATCHED: "next",
    OfferStage.ASKED: "underway",
    OfferStage.AGREED: "underway",
    OfferStage.ACTION: "underway",
    OfferStage.DONE: "done",
}


class OfferRow(Struct, frozen=True):
    """An offer and how far it got; an address is empty for readers who may not open that page."""

    id: int
    title: str
    tag: str
    kind: str
    since: str
    url: str
    action: str
    action_url: str


class Offers(Struct, frozen=True):
    rows: list[OfferRow]
    # The number of offers that no one was asked for yet.
    unused: int
    unused_url: str

    @classmethod
    def of(cls, membership: Membership, strengths: Sequence[Strength]) -> "Offers":
        """Reads the offers in the given order, in one query, or none if nothing is offered."""
        uses = _uses(membership, strengths)
        sees = may(membership.role, Permission.SEE_ALL)
        words = _words()
        rows = [_row(each, uses[each.id], words, sees) for each in strengths]
        unused = sum(use.stage is OfferStage.NONE for use in uses.values())
        return cls(rows, unused, url_for("strengths.unused") if sees and unused else "")


def _uses(membership: Membership, strengths: Sequence[Strength]) -> dict[int, Use]:
    if not strengths:
        return {}
    # An action that is no longer needed does not count.
    rows = (
        sa.select(
            Match.strength_id,
            Match.state,
            Match.created_at,
            Match.asked_on,
            Action.number,
            Action.created_at,
            Action.done_on,
            Action.status == ActionStatus.DONE,
        )
        .outerjoin(
            Action, sa.and_(along(Action.match_id, Match), Action.status != ActionStatus.NO_LONGER_NEEDED)
        )
        .where(
            Match.coalition_id == membership.coalition_id,
            Match.strength_id.in_([each.id for each in strengths]),
        )
    )
    time_zone = membership.coalition.time_zone
    facts: dict[int, list[OfferFact]] = defaultdict(list)
    for key, state, matched_at, asked_on, number, made_at, done_on, is_done in db.session.execute(rows):
        made_on = local_day(made_at, time_zone) if made_at is not None else None
        matched_on = local_day(matched_at, time_zone)
        facts[key].append(OfferFact(state, matched_on, asked_on, number, made_on, done_on, bool(is_done)))
    return {each.id: use_of(facts[each.id]) for each in strengths}


def _words() -> dict[OfferStage, str]:
    return {
        OfferStage.NONE: _("No one has asked yet"),
        OfferStage.DECLINED: _("It did not fit"),
        OfferStage.MATCHED: _("Matched with a need, still to ask"),
        OfferStage.ASKED: _("Waiting for an answer"),
        OfferStage.AGREED: _("Agreed"),
        OfferStage.ACTION: _("Led to an action"),
        OfferStage.DONE: _("Used"),
    }


def _since(use: Use) -> str:
    if use.since is None:
        return ""
    day = medium_day(use.since)
    match use.stage:
        case OfferStage.MATCHED | OfferStage.ACTION:
            return _("since %(day)s", day=day)
        case OfferStage.DONE:
            return _("on %(day)s", day=day)
        case _:
            return _("asked on %(day)s", day=day)


def _row(strength: Strength, use: Use, words: dict[OfferStage, str], sees: bool) -> OfferRow:
    action = use.action is not None
    return OfferRow(
        id=strength.id,
        title=strength.title,
        tag=words[use.stage],
        kind=TAGS[use.stage],
        since=_since(use),
        url=url_for("strengths.strength", strength_id=strength.id) if sees else "",
        action=_("Action %(number)s", number=use.action) if action else "",
        action_url=url_for("plan.action", number=use.action) if action else "",
    )
