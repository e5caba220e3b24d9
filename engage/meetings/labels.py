"""Holds the texts and labels of meetings."""

from datetime import date, datetime, timedelta

from engage.dates import full_day, in_parts, medium_day
from engage.i18n import format_datetime, format_time, lazy_pgettext, to_user_timezone
from engage.i18n import gettext as _
from engage.i18n import lazy_gettext as _l
from engage.meetings.rules import MeetingKind, MeetingState, Mode, Outcome, Source

KIND_LABELS = {
    MeetingKind.FIRST: _l("First meeting"),
    MeetingKind.PLANNING_SESSION: _l("Planning session"),
    MeetingKind.GENERAL: _l("General meeting"),
    MeetingKind.CORE_TEAM: _l("Core team"),
    MeetingKind.WORKGROUP: _l("Workgroup"),
}
KIND_SENTENCES = {
    MeetingKind.FIRST: _l("Get to know each other and say why you are here. The agenda is ready for you."),
    MeetingKind.PLANNING_SESSION: _l(
        "Agree on what the assessment says, vote, and begin the plan of action."
    ),
    MeetingKind.GENERAL: _l("Everyone who takes part."),
    MeetingKind.CORE_TEAM: _l("The few who steer between the general meetings."),
    MeetingKind.WORKGROUP: _l("One group with one task."),
}
# Every agenda starts with this text: on screen, on paper, and in the text to send.
GROUND_RULE = _l("Before we begin: no names and no details of people we serve, spoken or written down.")
STATE_LABELS = {
    MeetingState.PLANNED: _l("Planned"),
    MeetingState.STARTED: _l("To be recorded"),
    MeetingState.CLOSED: _l("Closed"),
}
STATE_TAGS = {
    MeetingState.PLANNED: "info",
    MeetingState.STARTED: "next",
    MeetingState.CLOSED: "done",
}
OUTCOME_LABELS = {
    Outcome.OPEN: lazy_pgettext("agenda item", "Open"),
    Outcome.DONE: lazy_pgettext("agenda item", "Done"),
    Outcome.NOT_REACHED: _l("Not reached"),
    Outcome.DROPPED: _l("Dropped"),
}
OUTCOME_TAGS = {
    Outcome.OPEN: "notstarted",
    Outcome.DONE: "done",
    Outcome.NOT_REACHED: "next",
    Outcome.DROPPED: "notstarted",
}
MODE_LABELS = {
    Mode.HERE: _l("Here"),
    Mode.ONLINE: _l("Online"),
    Mode.EXCUSED: _l("Excused"),
}
SOURCE_LABELS = {
    Source.HAND: _l("Added by you"),
    Source.TEMPLATE: _l("Standard item"),
    Source.GAP: _l("A big gap without an action"),
    Source.DISCUSSION: _l("Noted for discussion"),
    Source.DISAGREEMENT: _l("Answers differ"),
    Source.LATE_ACTION: _l("A late action"),
    Source.STUCK_ACTION: _l("A stuck action"),
    Source.AGREEMENT: _l("An agreement ending soon"),
    Source.MISSING_SECTOR: _l("A missing sector"),
    Source.DECISION: _l("A decision due for review"),
    Source.CARRIED_OVER: _l("Carried over"),
    Source.TIP: _l("A tip to review"),
}


def when(starts_at: datetime, minutes: int) -> str:
    """Returns day, start, end and zone: "Tuesday, March 3, 2026, 6:00 PM to 7:30 PM CST".

    If the clock changes in between, it names both zones: 1:30 AM CDT to 1:15 AM CST are 45 minutes.
    """
    ends_at = starts_at + timedelta(minutes=minutes)
    on = full_day(_local(starts_at))
    start, end = format_time(starts_at, "short"), format_time(ends_at, "short")
    zone, then = format_datetime(starts_at, "z"), format_datetime(ends_at, "z")
    if zone == then:
        return _("%(day)s, %(start)s to %(end)s %(zone)s", day=on, start=start, end=end, zone=zone)
    return _(
        "%(day)s, %(start)s %(zone)s to %(end)s %(then)s", day=on, start=start, zone=zone, end=end, then=then
    )


def _local(starts_at: datetime) -> date:
    return to_user_timezone(starts_at).date()


def day(starts_at: datetime) -> str:
    """Returns the day in the short form of lists and titles: "Tue, Mar 3, 2026"."""
    return in_parts(_local(starts_at), "yMMMEd")


def titled(title: str, starts_at: datetime) -> str:
    """Returns a meeting's title and day, as select fields and other pages show it."""
    return _("%(title)s, %(day)s", title=title, day=medium_day(_local(starts_at)))
