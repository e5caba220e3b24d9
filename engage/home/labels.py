"""Holds the texts of Home: the greeting, the amber card, the plan's state and recent changes."""

from datetime import date, timedelta
from zoneinfo import ZoneInfo

from flask import url_for
from msgspec import Struct

from engage import clock
from engage.assessment.labels import time_to_answer
from engage.assessment.queries import OpenRound, OverRound
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.rules import first_name
from engage.content.loader import content
from engage.dates import day_text
from engage.home.left_open import LeftOpen
from engage.home.queries import Home
from engage.home.rules import SINCE_DAYS, Next, PartOfDay, next_of, part_of_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.onboarding.evidence.rules import LineKey
from engage.onboarding.evidence_labels import evidence
from engage.onboarding.labels import step_links
from engage.onboarding.rules import StepKey
from engage.plan.actions.queries.waiting import WaitingAction
from engage.plan.labels import late_words
from engage.plan.plans.queries import PlanSummary
from engage.plan.rules import due_words


class HomeCard(Struct, frozen=True):
    """The amber card, with the only primary button of the page."""

    title: str
    text: str
    label: str
    url: str


class CountLine(Struct, frozen=True):
    """A part of a sentence, linked to the list that it counts."""

    text: str
    url: str


def greeting(coalition: Coalition, name: str) -> str:
    """Returns the greeting by the time of day in the coalition's time zone."""
    first = first_name(name)
    match part_of_day(clock.now().astimezone(ZoneInfo(coalition.time_zone)).hour):
        case PartOfDay.MORNING:
            return _("Good morning, %(name)s", name=first)
        case PartOfDay.AFTERNOON:
            return _("Good afternoon, %(name)s", name=first)
        case PartOfDay.EVENING:
            return _("Good evening, %(name)s", name=first)


def next_card(membership: Membership, home: Home, today: date) -> HomeCard:
    """Returns the amber card's text: the one thing to do first."""
    match next_of(home.situation):
        case Next.CLOSE_MEETING:
            return _close_meeting(home.meetings_to_close, today)
        case Next.APPROVE:
            return _approve(home)
        case Next.CLOSE_ROUND if home.over_round:
            return _close(home.over_round, today)
        case Next.ANSWER if home.open_round:
            return _answer(home.open_round, today)
        case Next.LATE_ACTION if home.late_action:
            return _action(home.late_action, today)
        case Next.STEP:
            return _step(membership, home)
        case Next.SOON_ACTION if home.soon_action:
            return _action(home.soon_action, today)
        case _:
            return HomeCard(
                _("All seven steps are complete"),
                _("What is left is to keep going. Look at the plan together, and thank someone."),
                _("Look at the plan of action"),
                url_for("plan.index"),
            )


def _close_meeting(meetings: list[LeftOpen], today: date) -> HomeCard:
    """Returns the card for the oldest of them, and how many more there are."""
    first, more = meetings[0], len(meetings) - 1
    parts = [
        _("It was on %(day)s and is not closed yet.", day=day_text(first.since, today)),
        _("Closing it makes the minutes final."),
    ]
    if more:
        parts.append(
            ngettext("%(num)s more meeting is to close.", "%(num)s more meetings are to close.", more)
        )
    return HomeCard(
        _("Next: close the meeting “%(title)s”", title=first.title),
        " ".join(parts),
        _("Go to the meeting"),
        url_for("meetings.meeting", meeting_id=first.id),
    )


def _approve(home: Home) -> HomeCard:
    if len(home.people) == 1:
        title = _("Next: %(name)s wants to join", name=home.people[0].name)
    else:
        title = _("Next: %(number)s people want to join", number=len(home.people))
    text = _("They cannot see anything in the coalition until a coordinator approves them.")
    return HomeCard(title, text, _("See their requests"), waiting_people_url())


def waiting_people_url() -> str:
    return url_for("coalitions.people", _anchor="coalitions-waiting")


def _close(round_: OverRound, today: date) -> HomeCard:
    text = _("Answers still come in until you close it. Closing it shows the results.")
    text = _("Its last day was %(day)s.", day=day_text(round_.closes_on, today)) + " " + text
    return HomeCard(
        _("Next: close the round “%(title)s”", title=round_.title),
        text,
        _("Go to the assessment"),
        url_for("assessment.index"),
    )


def _answer(round_: OpenRound, today: date) -> HomeCard:
    url = url_for("assessment.show_round", round_id=round_.id)
    if round_.to_submit:
        title = _("Next: submit your answers to “%(title)s”", title=round_.title)
        return HomeCard(title, answered_words(round_, today), _("Submit your answers"), url)
    if round_.started:
        title = _("Next: finish your answers to “%(title)s”", title=round_.title)
        return HomeCard(title, answered_words(round_, today), _("Continue answering"), url)
    title = _("Next: answer “%(title)s”", title=round_.title)
    text = " ".join(
        [
            time_to_answer(round_.minutes),
            _("Every answer is saved right away, so you can stop and come back."),
            open_until(round_, today),
        ]
    )
    return HomeCard(title, text.strip(), _("Start answering"), url)


def answered_words(round_: OpenRound, today: date) -> str:
    """Says how many statements the person has answered, and how long the round stays open."""
    answered = (
        _("Every question is answered and saved, but not yet submitted.")
        if round_.to_submit
        else ngettext(
            "You have answered %(done)s of %(num)s question.",
            "You have answered %(done)s of %(num)s questions.",
            round_.progress.total,
            done=round_.progress.answered,
        )
    )
    return f"{answered} {open_until(round_, today)}".strip()


def open_until(round_: OpenRound, today: date) -> str:
    if round_.closes_on is None:
        return ""
    day = day_text(round_.closes_on, today)
    if round_.is_over:
        return _("Its last day was %(day)s; your answers still count.", day=day)
    return _("Open until %(day)s.", day=day)


def _action(action: WaitingAction, today: date) -> HomeCard:
    if action.is_late:
        text = _(
            "Your action is %(late)s. Say how it is going, or set a new date.",
            late=late_words(due_words(action.due_on, today, action.status).days),
        )
    elif action.due_on is None:
        text = _("Your action is stuck. Say what would help, or mark it done.")
    else:
        text = _("Your action is due %(day)s.", day=day_text(action.due_on, today))
    if action.help_needed:
        text = f"{text} " + _("Needs: %(help)s", help=action.help_needed)
    title = _("Next: %(title)s", title=action.title)
    return HomeCard(title, text, _("Open the action"), action_url(action.number))


def action_url(number: int) -> str:
    """Returns the address of an action."""
    return url_for("plan.action", number=number)


def _step(membership: Membership, home: Home) -> HomeCard:
    assert home.path is not None
    key = home.path.next
    assert key is not None
    link = step_links(membership).get(key) if may(membership.role, Permission.WORK) else None
    here = url_for("onboarding.index", _anchor=f"onboarding-step-{key}")
    label, url = (link.label, link.url) if link else (_("See the step"), here)
    if key is StepKey.ASSESS and home.results and home.results.respondents:
        # Results of a closed round are more useful than the page for opening another round.
        label, url = _("See the results"), url_for("assessment.results", round_id=home.results.round_id)
    title = _("Next step: %(name)s", name=content().step(key.value).name)
    if key is StepKey.PLAN and home.plan and home.path.step(key).lacks_only(LineKey.ADOPTED_PLAN):
        title = _("Next step: adopt your plan of action")
        if may(membership.role, Permission.EDIT_PLAN):
            label, url = _("Adopt the plan"), url_for("plan.adopt", plan_id=home.plan.plan_id)
    return HomeCard(
        title,
        evidence(home.path.step(key), home.path.thresholds),
        label,
        url,
    )


def plan_sentence(summary: PlanSummary) -> str:
    """Returns a sentence such as "3 late, 1 stuck, 6 due this month", without zeros."""
    parts = [
        ngettext("%(num)s late", "%(num)s late", summary.late) if summary.late else "",
        ngettext("%(num)s stuck", "%(num)s stuck", summary.stuck) if summary.stuck else "",
        ngettext("%(num)s due this month", "%(num)s due this month", summary.due_this_month)
        if summary.due_this_month
        else "",
    ]
    said = [part for part in parts if part] or [_("Nothing late, nothing stuck")]
    dropped = summary.progress.no_longer_needed
    if dropped:
        said.append(ngettext("%(num)s no longer needed", "%(num)s no longer needed", dropped))
    return ", ".join(said)


class Since(Struct, frozen=True):
    """The *since the last meeting* section: its lead, what was done, and the page with all changes."""

    lead: str
    lines: tuple[CountLine, ...]
    everything_url: str


def since_words(home: Home, today: date, time_zone: str) -> Since | None:
    """Returns what was done since the last meeting; None if nothing was."""
    moved = home.moved
    counted = [
        (
            moved.actions_done,
            ngettext("%(num)s action done", "%(num)s actions done", moved.actions_done),
            url_for("plan.index", state="done"),
        ),
        (
            moved.tips_done,
            ngettext("%(num)s tip checked off", "%(num)s tips checked off", moved.tips_done),
            url_for("checklist.index"),
        ),
        (
            moved.people_joined,
            ngettext("%(num)s person joined", "%(num)s people joined", moved.people_joined),
            url_for("coalitions.people"),
        ),
        (
            moved.rounds_closed,
            ngettext("%(num)s assessment closed", "%(num)s assessments closed", moved.rounds_closed),
            url_for("assessment.index"),
        ),
    ]
    lines = [CountLine(text, url) for number, text, url in counted if number]
    if not lines:
        return None
    if moved.meeting_at is None:
        day, lead = today - timedelta(days=SINCE_DAYS), _("In the last %(num)s days:", num=SINCE_DAYS)
    else:
        day = clock.local_day(moved.meeting_at, time_zone)
        lead = _("Since your meeting on %(day)s:", day=day_text(day, today))
    return Since(
        lead, tuple(lines), url_for("plan.review", since=day, until=today, _anchor="plan-review-moved")
    )
