"""Builds the agenda's page: each line with its time, its origin and the buttons that the reader may use."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import may_there
from engage.i18n import format_time, ngettext
from engage.i18n import gettext as _
from engage.meetings import labels
from engage.meetings.agenda.labels import output_of, title_of
from engage.meetings.agenda.queries import AgendaElsewhere
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.agenda.rules.minutes import starts
from engage.meetings.agenda.service import may_delete
from engage.meetings.labels import OUTCOME_LABELS, OUTCOME_TAGS, SOURCE_LABELS
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.queries import Lead
from engage.meetings.rules import COMES_EARLY, Outcome, Source


class _Link(Protocol):
    @property
    def label(self) -> str: ...
    @property
    def url(self) -> str | None: ...


class AgendaRow(Struct, frozen=True):
    """A line of the agenda.

    `up` and `down` are the ids of the lines before which those buttons move this one: None if a button is not
    offered, 0 for the end.
    """

    id: int
    title: str
    url: str | None
    about: str
    source: str
    begins: str
    minutes: str
    output: str
    lead: str
    is_break: bool
    # The label and tag of the line's outcome; "" while there is none.
    outcome: str
    outcome_tag: str
    came_from: AgendaElsewhere | None
    went_to: AgendaElsewhere | None
    up: int | None
    down: int | None
    may_delete: bool


class AgendaBoard(Struct, frozen=True):
    """The agenda: `rows` are its current lines, `dropped` are lines taken off it.

    `sum` compares the lines' minutes with the available time, and `off` says whether they differ.
    """

    rows: tuple[AgendaRow, ...]
    dropped: tuple[AgendaRow, ...]
    sum: str
    over: int
    off: bool
    may_work: bool
    # True while there are no lines yet before the meeting: drafting is then the page's main action.
    draft_is_first: bool

    @property
    def is_empty(self) -> bool:
        return not self.rows and not self.dropped

    @property
    def ground_rule(self) -> str:
        return str(labels.GROUND_RULE)


class AgendaAround(Struct, frozen=True):
    """What lines link to: subjects, the lines of other meetings that they continue, and leaders."""

    links: Mapping[str, _Link]
    came_from: Mapping[int, AgendaElsewhere]
    went_to: Mapping[int, AgendaElsewhere]
    leads: Mapping[int, Lead]


def board(
    membership: Membership, meeting: Meeting, items: Sequence[AgendaItem], around: AgendaAround, now: datetime
) -> AgendaBoard:
    kept = [each for each in items if each.outcome is not Outcome.DROPPED]
    dropped = [each for each in items if each.outcome is Outcome.DROPPED]
    begins = starts(meeting.starts_at, [each.minutes for each in kept])
    ids = [each.id for each in kept]
    total = sum(each.minutes for each in kept)
    runs_it = may_there(membership, Permission.CLOSE_MEETINGS, meeting.group_id)
    return AgendaBoard(
        rows=tuple(
            _row(
                may_delete(membership, each, runs_it=runs_it),
                each,
                around,
                begins[place],
                up=ids[place - 1] if place else None,
                down=[*ids, 0][place + 2] if place + 1 < len(ids) else None,
            )
            for place, each in enumerate(kept)
        ),
        dropped=tuple(
            _row(may_delete(membership, each, runs_it=runs_it), each, around, None) for each in dropped
        ),
        sum=sum_words(total, meeting.minutes),
        over=max(0, total - meeting.minutes),
        off=bool(kept) and total != meeting.minutes,
        may_work=may(membership.role, Permission.WORK) and meeting.closed_at is None,
        draft_is_first=not kept and now < meeting.starts_at - COMES_EARLY,
    )


def _row(
    deletes: bool,
    item: AgendaItem,
    around: AgendaAround,
    begins: datetime | None,
    up: int | None = None,
    down: int | None = None,
) -> AgendaRow:
    link, came_from = around.links.get(item.about), around.came_from.get(item.id)
    if came_from is not None and item.about == about(AboutKind.LINE, came_from.item_id):
        link = None  # the link to the earlier line already has the same text and target
    said = item.outcome in {Outcome.DONE, Outcome.NOT_REACHED} and item.about != AboutKind.BREAK
    return AgendaRow(
        id=item.id,
        title=title_of(item),
        url=link.url if link is not None else None,
        about=link.label if link is not None else "",
        source="" if item.source is Source.HAND or came_from else str(SOURCE_LABELS[item.source]),
        begins=format_time(begins, "short") if begins is not None else "",
        minutes=minutes_words(item.minutes),
        output=output_of(item),
        lead=lead_words(around.leads.get(item.id)) if begins is not None else "",
        is_break=item.about == AboutKind.BREAK,
        outcome=str(OUTCOME_LABELS[item.outcome]) if said else "",
        outcome_tag=OUTCOME_TAGS[item.outcome],
        came_from=came_from,
        went_to=around.went_to.get(item.id),
        up=up,
        down=down,
        may_delete=deletes,
    )


def lead_words(lead: Lead | None) -> str:
    if lead is None:
        return ""
    return _("%(name)s (no longer a member)", name=lead.name) if lead.left else lead.name


def minutes_words(minutes: int) -> str:
    return ngettext("%(num)s minute", "%(num)s minutes", minutes)


def sum_words(total: int, at_hand: int) -> str:
    """Returns a sentence that compares the agenda's minutes with the available time."""
    if total > at_hand:
        return ngettext(
            "%(total)s minutes on the agenda: %(num)s minute more than the meeting has.",
            "%(total)s minutes on the agenda: %(num)s minutes more than the meeting has.",
            total - at_hand,
            total=total,
        )
    if total < at_hand:
        return ngettext(
            "%(total)s of %(at_hand)s minutes are on the agenda; %(num)s minute is free.",
            "%(total)s of %(at_hand)s minutes are on the agenda; %(num)s minutes are free.",
            at_hand - total,
            total=total,
            at_hand=at_hand,
        )
    return ngettext(
        "The agenda fills the %(num)s minute of the meeting.",
        "The agenda fills the %(num)s minutes of the meeting.",
        at_hand,
    )
