"""Builds the list of decisions and a decision's page, with their words and addresses."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission
from engage.coalitions.queries import may_there
from engage.dates import medium_day
from engage.meetings import words
from engage.meetings.decisions.service import DecisionFilters, DecisionLine, DecisionsShown
from engage.meetings.models import Meeting
from engage.meetings.rules import is_due
from engage.web.lists import Choice, Pages, page_of

PAGE_ROWS = 200


class DecisionRow(Struct, frozen=True):
    """A decision's row; `actions` are the numbers of actions that came from it."""

    number: int
    text: str
    owner: str
    meeting_id: int
    meeting: str
    review: str
    is_due: bool
    actions: list[int]
    no_actions: str


class DecisionsPage(Struct, frozen=True):
    rows: list[DecisionRow]
    total: int
    found: int
    pages: Pages
    filters: DecisionFilters
    shows: list[Choice]

    @classmethod
    def of(
        cls,
        lines: Sequence[DecisionLine],
        actions: Mapping[int, Sequence[Any]],
        filters: DecisionFilters,
        today: date,
        me: int,
        page: str,
    ) -> "DecisionsPage":
        """Builds the page; `actions` are those that came from decisions, by the decision's id."""

        def at(filters: DecisionFilters, **more: object) -> str:
            return url_for("meetings.decision_list", **{**filters.args(), **more})

        def count(filters: DecisionFilters) -> int:
            return len(filters.only(lines, today, actions.keys(), me))

        found = filters.only(lines, today, actions.keys(), me)
        rows, pages = page_of(found, page, lambda n: at(filters, page=n), PAGE_ROWS)
        labels = {
            DecisionsShown.ALL: _("All"),
            DecisionsShown.DUE: _("Due for review"),
            DecisionsShown.NO_ACTION: _("Without an action"),
        }
        shows = [
            Choice(label, at(changed), filters.show is show, count(changed))
            for show, label in labels.items()
            for changed in [filters.with_(show=show)]
        ]
        mine = filters.with_(mine=not filters.mine)
        shows.append(Choice(_("Mine"), at(mine), filters.mine, count(filters.with_(mine=True))))
        return cls(
            rows=decision_rows(rows, actions, today),
            total=len(lines),
            found=len(found),
            pages=pages,
            filters=filters,
            shows=shows,
        )


def decision_rows(
    lines: Sequence[DecisionLine], actions: Mapping[int, Sequence[Any]], today: date
) -> list[DecisionRow]:
    nobody, none = _("No one yet"), _("not set")
    return [
        DecisionRow(
            number=each.number,
            text=each.text,
            owner=owner_words(each) or nobody,
            meeting_id=each.meeting_id,
            meeting=words.titled(each.meeting, each.starts_at),
            review=medium_day(each.review_on) or none,
            is_due=is_due(each.review_on, today),
            actions=[action.number for action in actions.get(each.id, ())],
            no_actions=_("none needed") if each.no_action else _("no action yet"),
        )
        for each in lines
    ]


def owner_words(line: DecisionLine) -> str:
    return _("%(name)s (no longer a member)", name=line.owner) if line.owner_left else line.owner


class DecisionSheet(Struct, frozen=True):
    line: DecisionLine
    owner: str
    meeting: str
    is_due: bool
    is_open: bool
    may_delete: bool


def decision_sheet(
    membership: Membership, line: DecisionLine, meeting: Meeting, today: date
) -> DecisionSheet:
    return DecisionSheet(
        line=line,
        owner=owner_words(line),
        meeting=words.titled(line.meeting, line.starts_at),
        is_due=is_due(line.review_on, today),
        is_open=meeting.closed_at is None,
        may_delete=may_there(membership, Permission.CLOSE_MEETINGS, meeting.group_id),
    )
