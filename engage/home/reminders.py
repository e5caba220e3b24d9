"""Writes the text of a reminder to one person."""

from datetime import date

from flask import url_for

from engage.checklist.queries import HeldItem
from engage.coalitions.models import Membership
from engage.coalitions.ready_texts import MAIL_LONGEST, ReadyText, ready_text
from engage.coalitions.rules import first_name
from engage.dates import day_text
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan.actions.queries.waiting import WaitingAction
from engage.plan.labels import late_words
from engage.plan.rules import ActionStatus, DueKind, due_words
from engage.toolkit.queries import ReadingTask
from engage.web import links

# A link that opens a mail or messaging program can hold only this many characters.
THINGS_MOST = 10


def reminder(
    sender: Membership,
    person: Membership,
    actions: list[WaitingAction],
    items: list[HeldItem],
    reading: list[ReadingTask],
    today: date,
) -> ReadyText | None:
    """Returns the text; None if nothing waits for the person."""
    things = lines(actions, items, reading, today)
    if not things:
        return None
    text, subject = _text(sender, person, things), waiting_subject(len(things))
    ready = ready_text(text, subject, person)
    shown = THINGS_MOST
    while len(ready.mail_url) > MAIL_LONGEST and shown > 1:
        shown -= 1
        ready = ready_text(_text(sender, person, things, shown), subject, person)
    return ReadyText(text, ready.mail_url, ready.sms_url)


def waiting_subject(number: int) -> str:
    """Returns the subject of a mail about this many things. It names nothing, because locked screens show subjects."""
    return ngettext("Engage: %(num)s thing waits", "Engage: %(num)s things wait", number)


def lines(
    actions: list[WaitingAction], items: list[HeldItem], reading: list[ReadingTask], today: date
) -> list[str]:
    """Returns the person's open work, one line each."""
    return [
        *(_action_line(action, today) for action in actions),
        *(_item_line(item, today) for item in items),
        *(_reading_line(task, today) for task in reading),
    ]


def _text(sender: Membership, person: Membership, things: list[str], most: int = THINGS_MOST) -> str:
    shown = [f"- {thing}" for thing in things[:most]]
    if more := len(things) - len(shown):
        shown.append("- " + ngettext("and %(num)s more", "and %(num)s more", more))
    parts = [
        _("Hello %(name)s,", name=first_name(person.name)),
        _("Your tasks in %(coalition)s:", coalition=sender.coalition.name),
        "\n".join(shown),
    ]
    if person.user is None:
        # Without an account there is no page to link to, and the person can just as well answer by phone.
        parts.append(_("Please let me know how it's going."))
    else:
        parts.append(_("Here is the link: %(link)s", link=links.external(url_for("home.index"))))
    parts.append(_("Thank you!") + "\n" + sender.name)
    return "\n\n".join(parts)


def _action_line(action: WaitingAction, today: date) -> str:
    """Returns a line such as "Print hotline cards (action 12): was due Nov 21, 3 days late"."""
    due = due_words(action.due_on, today, action.status)
    what = _("%(title)s (action %(number)s)", title=action.title, number=action.number)
    day = day_text(action.due_on, today) if action.due_on else ""
    match due.kind:
        case DueKind.LATE:
            when = _("was due %(day)s, %(late)s", day=day, late=late_words(due.days))
        case DueKind.TODAY:
            when = _("due today")
        case DueKind.NONE:
            when = _("no due date")
        case _:
            when = _("due %(day)s", day=day)
    if action.status is ActionStatus.STUCK:
        when = _("stuck, %(when)s", when=when)
    return f"{what}: {when}"


def _item_line(item: HeldItem, today: date) -> str:
    return _("%(title)s (Tips for Success): %(when)s", title=item.text, when=_when(item.due_on, today))


def _reading_line(task: ReadingTask, today: date) -> str:
    return _("%(title)s (to read): %(when)s", title=task.name, when=_when(task.due_on, today))


def _when(due_on: date | None, today: date) -> str:
    if due_on is None:
        return _("no due date")
    if due_on < today:
        return _("was due %(day)s", day=day_text(due_on, today))
    return _("due %(day)s", day=day_text(due_on, today))
