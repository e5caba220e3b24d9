"""Builds the rows of Home: late and stuck actions (the reader's own first), and what waits for the reader."""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import partial
from itertools import groupby
from textwrap import shorten

from flask import url_for
from msgspec import Struct
from msgspec.structs import replace

from engage.checklist.queries import HeldItem
from engage.coalitions.rules import InvitationKind
from engage.dates import day_text
from engage.directory.groups.asks.queries import AskLine
from engage.directory.groups.pages import ask_answered_words
from engage.home.labels import action_url, answered_words, waiting_people_url
from engage.home.left_open import LeftKind, LeftOpen
from engage.home.queries import ROWS_MOST, Home, Waiting, WaitingPerson
from engage.home.rules import Next, next_of
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.meetings.decisions.service import DecisionsShown, DueDecisions
from engage.plan.actions.queries.waiting import WaitingAction
from engage.plan.labels import late_words, title_as_read
from engage.plan.measures.labels import latest_words
from engage.plan.measures.rules import MeasureFact
from engage.plan.rules import ActionStatus, DueKind, due_words
from engage.toolkit.queries import ReadingTask

# A row shows this many characters of the help that is needed; the action's page shows all of them.
HELP_MOST = 45
# Up to this many due measures have a row each.
READINGS_APART = 2


class WaitingLine(Struct, frozen=True):
    """Something that waits. If it is another person's, the row links to a text that reminds them."""

    tag: str
    kind: str
    title: str
    url: str
    detail: str
    ask_url: str | None = None
    ask: str = ""
    ask_name: str = ""
    due_on: date | None = None
    # True if it stands above all others of its list.
    comes_first: bool = False
    # The row's key, such as "action:14". The inbox uses it to find out what is new.
    key: str = ""
    # Set if the row is an action of the reader, who can answer it on Home.
    action: WaitingAction | None = None


class Rows(Struct, frozen=True):
    """The first rows of a list, and the list's total number."""

    shown: list[WaitingLine]
    total: int

    @property
    def more(self) -> int:
        return self.total - len(self.shown)


class Draft(Struct, frozen=True):
    """A row before its texts are made, which happens only for shown rows. `presses` means late or stuck."""

    key: str
    presses: bool
    made: Callable[[], WaitingLine]


class Desk(Struct, frozen=True):
    """The rows of Home: late and stuck ones, then what waits for the reader, without the amber card's row."""

    late: Rows
    waiting: Rows
    next_action: WaitingAction | None
    # True if one of the reader's own tasks is late or stuck, or is on the amber card.
    has_mine_above: bool

    def holds(self, number: int) -> bool:
        """Returns whether the reader can answer this action of theirs on Home."""
        return any(action.number == number for action in self.actions())

    def actions(self) -> Iterator[WaitingAction]:
        if self.next_action is not None:
            yield self.next_action
        for row in (*self.late.shown, *self.waiting.shown):
            if row.action is not None:
                yield row.action


# The reader's own tasks that the amber card shows in place of a row, besides actions.
SAID_ON_CARD = {Next.CLOSE_MEETING, Next.APPROVE, Next.ANSWER}
# The most rows that are late or stuck, and the most other rows. Together they fill a screen and a half.
LATE_MOST = 3
WAITING_MOST = 3


def desk(home: Home, today: date, answered: WaitingAction | None = None) -> Desk:
    """Returns the rows, without the amber card's. `answered` is an action whose answer could not be saved."""
    subject = next_of(home.situation) if home.shows_next else None
    next_action = _next_action(home, subject)
    rest = [each for each in _drafts(home, today) if not _is_said(each.key, home, subject)]
    late = [each.made for each in rest if each.presses]
    others: list[Callable[[], WaitingLine]] = [
        partial(_others_action, action, today) for action in home.others.shown
    ]
    waits = [each.made for each in rest if not each.presses]
    unread = home.my_actions.total - len(home.my_actions.shown)
    has_mine_above = bool(late) or next_action is not None or subject in SAID_ON_CARD
    found = Desk(
        Rows([row() for row in (*late, *others)[:LATE_MOST]], len(late) + home.others.total),
        Rows([row() for row in waits[:WAITING_MOST]], len(waits) + unread),
        next_action,
        has_mine_above,
    )
    if answered is None or found.holds(answered.number):
        return found
    return replace(found, waiting=_with_action(found.waiting, answered, today))


def _next_action(home: Home, subject: Next | None) -> WaitingAction | None:
    match subject:
        case Next.LATE_ACTION:
            return home.late_action
        case Next.SOON_ACTION:
            return home.soon_action
        case _:
            return None


def _is_said(key: str, home: Home, subject: Next | None) -> bool:
    """Returns whether the amber card already shows this row."""
    kind, _colon, number = key.partition(":")
    match subject:
        case Next.CLOSE_MEETING:
            return kind == "meetings"
        case Next.APPROVE:
            return kind == "person"
        case Next.ANSWER:
            return kind == "round"
        case _:
            action = _next_action(home, subject)
            return action is not None and kind == "action" and number == str(action.number)


def waiting_rows(waiting: Waiting, today: date, most: int | None = ROWS_MOST) -> Rows:
    """Returns requests to join a group, the open round, and the reader's own actions, items and reading."""
    drafts = list(_drafts(waiting, today))
    return Rows([each.made() for each in drafts[:most]], waiting_total(waiting))


def _drafts(waiting: Waiting, today: date) -> Iterator[Draft]:
    left_open = _left_open(waiting.left_open, today)
    if (meetings := left_open.pop(LeftKind.MEETING, None)) is not None:
        yield Draft("meetings", True, meetings)
    if waiting.texts_reported:
        yield Draft("", False, partial(_reported, waiting.texts_reported))
    for person in waiting.people:
        yield Draft(f"person:{person.id}", False, partial(_person, person, today))
    if waiting.unsent:
        yield Draft("unsent", False, partial(_unsent, waiting.unsent))
    for ask in waiting.asks:
        yield Draft(f"ask:{ask.id}", False, partial(_ask, ask, today))
    if waiting.statement_waits:
        yield Draft("statement", False, _statement)
    if waiting.open_round is not None and waiting.open_round.waits:
        yield Draft(f"round:{waiting.open_round.id}", False, partial(_round, waiting, today))
    if waiting.decisions is not None:
        yield Draft("", False, partial(_decisions, waiting, waiting.decisions, today))
    for action in waiting.my_actions.shown:
        presses = action.is_late or action.status is ActionStatus.STUCK
        yield Draft(f"action:{action.number}", presses, partial(action_row, action, today))
    for item in waiting.my_items:
        yield Draft("", _is_over(item.due_on, today), partial(_item, item, today))
    for task in waiting.my_reading:
        yield Draft("", _is_over(task.due_on, today), partial(_reading, task, today))
    for made in left_open.values():
        yield Draft("", False, made)
    for made in _readings_due(waiting.due_readings, today):
        yield Draft("", False, made)
    if waiting.old_partners:
        yield Draft("", False, partial(_old_partners, waiting.old_partners))
    if waiting.old_services:
        yield Draft("", False, partial(_old_services, waiting.old_services))
    if waiting.live_link_asks:
        yield Draft("", False, _live_link)


def _is_over(due_on: date | None, today: date) -> bool:
    return due_on is not None and due_on < today


def _with_action(rows: Rows, action: WaitingAction, today: date) -> Rows:
    """Returns the same rows with this action first."""
    return Rows([action_row(action, today), *rows.shown], rows.total + 1)


def waiting_total(waiting: Waiting) -> int:
    """Returns the total number of the rows that `waiting_rows` returns."""
    asked = waiting.open_round is not None and waiting.open_round.waits
    readings = len(waiting.due_readings)
    total = len(waiting.people) + len(waiting.asks) + asked + waiting.my_actions.total
    total += len(waiting.my_items) + len(waiting.my_reading)
    total += readings if readings <= READINGS_APART else 1
    total += waiting.statement_waits + bool(waiting.unsent)
    total += len({each.kind for each in waiting.left_open})
    total += bool(waiting.old_partners) + bool(waiting.old_services) + waiting.live_link_asks
    return total + bool(waiting.texts_reported) + (waiting.decisions is not None)


def _left_open(left_open: Sequence[LeftOpen], today: date) -> dict[LeftKind, Callable[[], WaitingLine]]:
    """Returns one row for each kind of which something is left open."""
    found = groupby(left_open, key=lambda each: each.kind)
    return {kind: partial(_left_open_row, list(own), today) for kind, own in found}


def _left_open_row(own: Sequence[LeftOpen], today: date) -> WaitingLine:
    """Returns one row for all of a kind. It names the one that has waited longest; several lead to their list."""
    first, number = own[0], len(own)
    day = day_text(first.since, today)
    match first.kind:
        case LeftKind.MEETING:
            tag, detail = _("Meeting"), _("It was on %(day)s and is not closed yet.", day=day)
            many = ngettext("%(num)s meeting to close", "%(num)s meetings to close", number)
            url, all_url = url_for("meetings.meeting", meeting_id=first.id), url_for("meetings.index")
        case LeftKind.EVENT:
            tag, detail = _("Event"), _("It was on %(day)s. Count who came.", day=day)
            many = ngettext("%(num)s event to count", "%(num)s events to count", number)
            url, all_url = url_for("plan.activity", activity_id=first.id), url_for("plan.activities")
        case LeftKind.AGREEMENT:
            tag, detail = _("Agreement"), _("Its review was due on %(day)s.", day=day)
            many = ngettext("%(num)s agreement to review", "%(num)s agreements to review", number)
            url, all_url = url_for("partners.agreement", number=first.id), url_for("partners.agreements")
        case LeftKind.GROUP:
            tag, detail = _("Group"), _("Its review was due on %(day)s.", day=day)
            many = ngettext("%(num)s group to review", "%(num)s groups to review", number)
            url, all_url = url_for("coalitions.group", group_id=first.id), url_for("coalitions.groups")
        case LeftKind.POSITION:
            tag, detail = _("Position"), _("The term ended on %(day)s.", day=day)
            many = ngettext(
                "%(num)s position whose term has ended", "%(num)s positions whose term has ended", number
            )
            url = all_url = url_for("coalitions.about_us", _anchor="about-positions")
    title = first.title
    if number > 1:
        which = shorten(first.title, 80, placeholder="…")
        title, url = many, all_url
        detail = _("The oldest: %(which)s. %(detail)s", which=which, detail=detail)
    is_meeting = first.kind is LeftKind.MEETING
    state = "next" if is_meeting else "notstarted"
    return WaitingLine(tag, state, title, url, detail, due_on=first.since, comes_first=is_meeting)


def _person(person: WaitingPerson, today: date) -> WaitingLine:
    name = f"{person.name}, {person.organization}" if person.organization else person.name
    day = day_text(person.asked_on, today)
    by_open_link = person.came_by is InvitationKind.OPEN
    detail = (
        _("Came through the open link, %(day)s.", day=day)
        if by_open_link
        else _("Asked on %(day)s.", day=day)
    )
    title = _("%(name)s wants to join", name=name)
    return WaitingLine(
        _("New person"), "info", title, waiting_people_url(), detail, key=f"person:{person.id}"
    )


def _unsent(number: int) -> WaitingLine:
    title = ngettext("%(num)s invitation is not sent yet", "%(num)s invitations are not sent yet", number)
    detail = _("The links are made. Send them, or mark them as sent.")
    return WaitingLine(_("Invitations"), "info", title, url_for("coalitions.sheet"), detail, key="unsent")


def _ask(ask: AskLine, today: date) -> WaitingLine:
    url = url_for("coalitions.group", group_id=ask.group_id)
    if ask.answered_at is not None:
        title = ask_answered_words(ask.group, is_welcome=ask.is_welcome)
        return WaitingLine(_("Group"), "info", title, url, ask.answer, key=f"ask:{ask.id}")
    title = _("%(name)s asks to join %(group)s", name=ask.name, group=ask.group)
    detail = _("Asked on %(day)s.", day=day_text(ask.asked_on, today))
    return WaitingLine(_("Group"), "info", title, url, detail, key=f"ask:{ask.id}")


def _statement() -> WaitingLine:
    return WaitingLine(
        _("About us"),
        "info",
        _("Read and accept the confidentiality statement"),
        url_for("coalitions.about_us", _anchor="about-accept"),
        _("It takes a minute. Your name and the date are recorded."),
        key="statement",
    )


def _reported(number: int) -> WaitingLine:
    title = ngettext("%(num)s passage was reported", "%(num)s passages were reported", number)
    detail = _("Someone says this should not be here. Keep the text or remove it.")
    return WaitingLine(_("Reported"), "stuck", title, url_for("coalitions.reported_texts"), detail)


def _old_partners(number: int) -> WaitingLine:
    title = ngettext("%(num)s organization to check", "%(num)s organizations to check", number)
    detail = _("No one has confirmed the details in more than a year.")
    return WaitingLine(_("Partners"), "notstarted", title, url_for("partners.index", old="yes"), detail)


def _old_services(number: int) -> WaitingLine:
    title = ngettext("%(num)s service to check", "%(num)s services to check", number)
    detail = _("Call them: no one has confirmed this service in more than a year.")
    return WaitingLine(_("Referrals"), "notstarted", title, url_for("partners.services", show="old"), detail)


def _live_link() -> WaitingLine:
    title = _("A link to live tables ends soon or has ended")
    detail = _("Keep it for another year, or revoke it.")
    return WaitingLine(_("Reports"), "notstarted", title, url_for("reports.live_tables"), detail)


def _decisions(waiting: Waiting, due: DueDecisions, today: date) -> WaitingLine:
    """Returns one row for all decisions. It names the one that has waited longest, and links to the list."""
    title = ngettext("%(num)s decision to review", "%(num)s decisions to review", due.count)
    text, day = shorten(due.text, 80, placeholder="…"), day_text(due.since, today)
    detail = _("“%(text)s”, due %(day)s.", text=text, day=day)
    if due.count > 1:
        detail = _("The oldest: %(decision)s", decision=detail)
    mine = "1" if waiting.decisions_are_mine else None
    url = url_for("meetings.decision_list", show=DecisionsShown.DUE.value, mine=mine)
    kind = "next" if due.since < today else "notstarted"
    return WaitingLine(_("Decision"), kind, title, url, detail, due_on=due.since)


def _round(waiting: Waiting, today: date) -> WaitingLine:
    round_ = waiting.open_round
    assert round_ is not None
    return WaitingLine(
        _("Assessment"),
        "info",
        round_.title,
        url_for("assessment.show_round", round_id=round_.id),
        answered_words(round_, today),
        due_on=round_.closes_on,
        key=f"round:{round_.id}",
    )


def action_row(action: WaitingAction, today: date) -> WaitingLine:
    """Returns the row of one of the reader's own actions."""
    tag, kind = _tag(action, today)
    return WaitingLine(
        tag,
        kind,
        title_as_read(action.title),
        action_url(action.number),
        _detail(action, today, _("You")),
        due_on=action.due_on,
        key=f"action:{action.number}",
        action=action,
    )


def _others_action(action: WaitingAction, today: date) -> WaitingLine:
    tag, kind = _tag(action, today)
    ask_url, ask = None, ""
    if action.owner_id is not None and action.owner_is_here:
        ask_url, ask = url_for("home.remind", person_id=action.owner_id), _("Remind")
    elif action.owner_id is not None:
        ask_url, ask = url_for("coalitions.hand_over", person_id=action.owner_id), _("Hand over")
    return WaitingLine(
        tag,
        kind,
        title_as_read(action.title),
        action_url(action.number),
        _detail(action, today, action.owner_name or _("No one leads it yet"), is_others=True),
        ask_url,
        ask,
        action.owner_name or "",
    )


def _item(item: HeldItem, today: date) -> WaitingLine:
    detail = _("Tips for Success. No due date.")
    if item.due_on is not None:
        detail = _("Tips for Success. Due %(day)s.", day=day_text(item.due_on, today))
    return WaitingLine(
        _item_tag(item, today),
        "next" if _is_over(item.due_on, today) else "notstarted",
        item.text,
        url_for("checklist.item", key=item.key),
        detail,
        due_on=item.due_on,
        key=f"item:{item.key}",
    )


def _item_tag(item: HeldItem, today: date) -> str:
    if item.due_on is not None and item.due_on < today:
        return days_late(today, item.due_on)
    return _("Tip")


def _readings_due(due: Sequence[MeasureFact], today: date) -> list[Callable[[], WaitingLine]]:
    """Returns one row per due reading, with a link to its form; a single row for all if there are many."""
    if len(due) <= READINGS_APART:
        return [partial(_reading_due, each, today) for each in due]
    return [partial(_many_readings_due, len(due))]


def _reading_due(measure: MeasureFact, today: date) -> WaitingLine:
    url = url_for("plan.new_reading", measure_id=measure.id)
    detail = _("The first reading is due.")
    if measure.latest is not None:
        detail = _("A new reading is due. The last: %(latest)s.", latest=latest_words(measure, today))
    return WaitingLine(_("Reading"), "notstarted", measure.title, url, detail)


def _many_readings_due(number: int) -> WaitingLine:
    title = _("%(num)s measures need a new reading", num=number)
    detail = _("No new reading in three months or more.")
    return WaitingLine(_("Reading"), "notstarted", title, url_for("chain.loose_ends", kind="reading"), detail)


def _reading(task: ReadingTask, today: date) -> WaitingLine:
    is_late = _is_over(task.due_on, today)
    detail = _("Reading list. No due date.")
    if task.due_on is not None:
        detail = _("Reading list. Due %(day)s.", day=day_text(task.due_on, today))
    return WaitingLine(
        days_late(today, task.due_on) if is_late and task.due_on else _("Read"),
        "next" if is_late else "notstarted",
        task.name,
        url_for("toolkit.section", key=task.key),
        detail,
        due_on=task.due_on,
        key=f"section:{task.key}",
    )


def days_late(today: date, due: date) -> str:
    return late_words((today - due).days)


def _tag(action: WaitingAction, today: date) -> tuple[str, str]:
    """Returns the row's tag. Stuck outranks late; the row's detail then says that it is also late."""
    if action.status is ActionStatus.STUCK:
        return _("Stuck"), "stuck"
    due = due_words(action.due_on, today, action.status)
    match due.kind:
        case DueKind.LATE:
            return late_words(due.days), "next"
        case DueKind.TODAY:
            return _("Due today"), "next"
        case DueKind.NONE:
            return _("Action"), "notstarted"
        case _:
            return ngettext("In %(num)s day", "In %(num)s days", due.days), "notstarted"


def _detail(action: WaitingAction, today: date, who: str, *, is_others: bool = False) -> str:
    """Returns a detail such as "Pastor Dan. 3 days late. Needs: a licensed trainer"."""
    parts = [_("%(who)s.", who=who)]
    if action.due_on is not None:
        if action.status is ActionStatus.STUCK and action.is_late:
            parts.append(_("%(late)s.", late=days_late(today, action.due_on)))
        else:
            parts.append(_("Due %(day)s.", day=day_text(action.due_on, today)))
    if action.help_needed:
        parts.append(_("Needs: %(help)s", help=shorten(action.help_needed, HELP_MOST, placeholder="…")))
    elif action.status is ActionStatus.STUCK and is_others:
        parts.append(_("Ask what help is needed."))
    return " ".join(parts)
