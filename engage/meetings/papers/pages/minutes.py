"""Builds a meeting's minutes for screen, paper and text: who came, notes, decisions, and what follows.

Readers who may not see people get organizations instead of names, and no notes.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Protocol

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage.dates import medium_day
from engage.errors import WrongState
from engage.i18n import format_date, ngettext
from engage.i18n import gettext as _
from engage.meetings import labels
from engage.meetings.agenda.labels import title_of
from engage.meetings.agenda.queries import AgendaElsewhere
from engage.meetings.agenda.rules.about import AboutKind
from engage.meetings.decisions.service import DecisionLine
from engage.meetings.models import AgendaItem, Meeting
from engage.meetings.papers.pages.papers import head, headline
from engage.meetings.papers.rules import listed, paragraph, text_of
from engage.meetings.planning.pages import AttendanceShown
from engage.meetings.recording.service import Closing
from engage.meetings.rules import Outcome, may_write_minutes
from engage.web.lists import NamedLink


class MinutesAction(Protocol):
    """An action of the plan. This protocol is needed because the plan is a higher feature."""

    @property
    def number(self) -> int: ...
    @property
    def title(self) -> str: ...


Actions = Mapping[int, Sequence[MinutesAction]]


class MinutesLine(Struct, frozen=True):
    """A line of the agenda; `came_from` and `went_to` are the other meetings if it was carried over."""

    title: str
    notes: str
    outcome: str
    tag: str
    came_from: NamedLink | None
    went_to: NamedLink | None


class MinutesDecision(Struct, frozen=True):
    number: int
    text: str
    owner: str
    review: str
    actions: str
    url: str | None


class Minutes(Struct, frozen=True):
    """The minutes.

    `from_where` counts organizations and sectors. `actions` are those that came from a decision or a line.
    `results` are this meeting's votes, agreed values and plans.
    """

    came: AttendanceShown
    from_where: str
    decisions: tuple[MinutesDecision, ...]
    lines: tuple[MinutesLine, ...]
    actions: tuple[NamedLink, ...]
    results: tuple[NamedLink, ...]
    closing: str

    @property
    def is_empty(self) -> bool:
        return not (self.came.sentence or self.decisions or self.lines)


def may_be_read(meeting: Meeting, now: datetime, *, sees_people: bool) -> None:
    """Raises WrongState if the minutes cannot be read yet; readers who see no people wait for the closing."""
    if not may_write_minutes(meeting.starts_at, now):
        raise WrongState(_("You can start the minutes the day before the meeting."))
    if not sees_people and meeting.closed_at is None:
        raise WrongState(
            _("These minutes are still being written. They can be read once the meeting is closed.")
        )


def lines_of(
    items: Sequence[AgendaItem],
    came_from: Mapping[int, AgendaElsewhere],
    went_to: Mapping[int, AgendaElsewhere],
    *,
    sees_people: bool,
) -> tuple[MinutesLine, ...]:
    """Returns the lines of the agenda, without breaks and dropped lines."""
    outcomes = {outcome: str(label) for outcome, label in labels.OUTCOME_LABELS.items()}
    return tuple(
        MinutesLine(
            title=title_of(each),
            notes=each.notes if sees_people else "",
            outcome=outcomes[each.outcome],
            tag=labels.OUTCOME_TAGS[each.outcome],
            came_from=_meeting(came_from.get(each.id), sees_people),
            went_to=_meeting(went_to.get(each.id), sees_people),
        )
        for each in items
        if each.about != AboutKind.BREAK and (each.outcome is not Outcome.DROPPED or each.notes)
    )


def _meeting(found: AgendaElsewhere | None, sees_people: bool) -> NamedLink | None:
    if found is None:
        return None
    url = url_for("meetings.meeting", meeting_id=found.meeting_id) if sees_people else ""
    return NamedLink(labels.titled(found.meeting, found.starts_at), url)


def decisions_of(
    lines: Sequence[DecisionLine], actions: Actions, *, sees_people: bool
) -> tuple[MinutesDecision, ...]:
    return tuple(
        MinutesDecision(
            number=each.number,
            text=each.text,
            owner=each.owner if sees_people else "",
            review=medium_day(each.review_on),
            actions=", ".join(
                _("Action %(number)s", number=action.number) for action in actions.get(each.id, ())
            ),
            url=url_for("meetings.decision", number=each.number) if sees_people else None,
        )
        for each in lines
    )


def actions_of(*found: Sequence[MinutesAction]) -> tuple[NamedLink, ...]:
    """Returns all actions, each once, by number."""
    by_number = {action.number: action for actions in found for action in actions}
    return tuple(
        NamedLink(
            _("Action %(number)s: %(title)s", number=number, title=by_number[number].title),
            url_for("plan.action", number=number),
        )
        for number in sorted(by_number)
    )


def from_words(organizations: int, sectors: int) -> str:
    """Returns "From 5 organizations and 3 sectors"; "" if none is known."""
    if not organizations or not sectors:
        return ""
    return _(
        "From %(organizations)s and %(sectors)s.",
        organizations=ngettext("%(num)s organization", "%(num)s organizations", organizations),
        sectors=ngettext("%(num)s sector", "%(num)s sectors", sectors),
    )


def without_people(came: AttendanceShown, counts: Sequence[tuple[str, int]]) -> AttendanceShown:
    """Returns organizations with the number of people from each, without their names."""
    return replace(came, organizations=[(name, str(count)) for name, count in counts], excused="")


def closing_words(closings: Sequence[Closing], *, sees_people: bool) -> str:
    """Returns a sentence that says when the minutes were last closed, and by whom."""
    if not closings:
        return ""
    last = closings[0]
    day = format_date(last.happened_at, "long")
    if not last.was_closed:
        return _("Reopened on %(day)s: these minutes may still change.", day=day)
    if not sees_people or not last.actor:
        return _("Closed on %(day)s.", day=day)
    return _("Closed by %(who)s, %(day)s.", who=last.actor, day=day)


# -- plain text


def minutes_text(meeting: Meeting, minutes: Minutes, coalition: str, address: str) -> str:
    """Returns the minutes in plain text; `address` is their page."""
    blocks = [*head(meeting, coalition), _came_text(minutes.came, minutes.from_where)]
    if minutes.decisions:
        blocks += [headline(_("Decisions")), *map(_decision_text, minutes.decisions)]
    if minutes.lines:
        blocks += [headline(_("Item by item")), *map(_line_text, minutes.lines)]
    for title, references in ((_("Actions"), minutes.actions), (_("Decided here"), minutes.results)):
        if references:
            blocks.append([*headline(title), *listed(each.label for each in references)])
    blocks.append(paragraph(minutes.closing) if minutes.closing else [])
    return text_of([*blocks, paragraph(_("In Engage: %(address)s", address=address))])


def _came_text(came: AttendanceShown, from_where: str) -> list[str]:
    if not came.sentence:
        return []
    by_organization = [_("%(who)s: %(names)s", who=who, names=names) for who, names in came.organizations]
    by_sector = [_("%(who)s: %(names)s", who=sector, names=count) for sector, count in came.sectors]
    excused = paragraph(_("Excused: %(names)s", names=came.excused)) if came.excused else []
    return [
        *headline(_("Attendance")),
        *paragraph(" ".join(each for each in (f"{came.sentence}.", from_where) if each)),
        *listed(by_organization),
        *excused,
        *([_("By sector:"), *listed(by_sector)] if by_sector else []),
    ]


def _decision_text(decision: MinutesDecision) -> list[str]:
    facts = [
        _("Person responsible: %(name)s", name=decision.owner) if decision.owner else "",
        _("Review on %(day)s", day=decision.review) if decision.review else "",
        decision.actions,
    ]
    found = paragraph(decision.text, indent=4, first=f"{decision.number}. ")
    return found + [line for fact in facts if fact for line in paragraph(fact, indent=4)]


def _line_text(line: MinutesLine) -> list[str]:
    found = paragraph(f"{line.title} [{line.outcome}]")
    if line.came_from:
        found += paragraph(_("Carried over from %(meeting)s", meeting=line.came_from.label), indent=2)
    if line.notes:
        found += paragraph(line.notes, indent=2)
    if line.went_to:
        found += paragraph(_("Carried over to %(meeting)s", meeting=line.went_to.label), indent=2)
    return found
