"""Puts actions into words, as rows."""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from msgspec import Struct

from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.database import SelectedRow
from engage.dates import day_text_in
from engage.extensions import locale_name
from engage.i18n import gettext as _
from engage.partners.queries import organization_names
from engage.plan import labels
from engage.plan.models import Plan
from engage.plan.repeats.labels import often
from engage.plan.rules import ActionStatus, counting_day, is_late


class ActionLine(NamedTuple):
    """One action as a row. `who` is a person, or for viewers an organization."""

    number: int
    title: str
    detail: str
    who: str
    partner: str
    due: str
    is_late: bool
    status: str
    tag: str
    # These words say how the action repeats, such as "every month"; empty if it does not repeat.
    repeats: str


class Wording(Struct, frozen=True):
    """Everything besides the row that determines the words of a line: the reader, the day, the language."""

    sees_people: bool
    # For a reader who may not see people, these are the owners' organizations, as (membership, name).
    organizations: tuple[tuple[int, str], ...]
    today: date
    language: str


def wording(membership: Membership, plan: Plan, today: date) -> Wording:
    """Returns this person's wording of lines of a plan, in at most one query."""
    sees_people = may(membership.role, Permission.SEE_ALL)
    organizations = () if sees_people else tuple(organization_names(membership).items())
    return Wording(sees_people, organizations, counting_day(plan.status, today), locale_name())


def line_maker(phrasing: Wording) -> Callable[[Any], ActionLine]:
    """Returns a function that makes a line from a row of `overview.queries`, looking up common words once."""
    organizations = dict(phrasing.organizations)
    status_words = {status: str(labels.STATUS_LABELS[status]) for status in ActionStatus}
    origins: dict[tuple[str | None, str | None, str], str] = {}
    days: dict[tuple[date | None, date | None, ActionStatus], tuple[str, bool]] = {}
    partner_words = _("with %(organization)s")
    help_words = _("Needs: %(help)s")

    def line(row: SelectedRow) -> ActionLine:
        if phrasing.sees_people:
            who = row.owner or ""
            origin = (row.item, row.round, row.indicator)
            if origin not in origins:
                origins[origin] = labels.origin(*origin)
            stuck = row.status is ActionStatus.STUCK and row.reason
            detail = help_words % {"help": row.reason} if stuck else origins[origin]
        else:
            who, detail = organizations.get(row.owner_id, ""), ""
        when = (row.due_on, row.done_on, row.status)
        if when not in days:
            days[when] = _when(*when, phrasing)
        due, late = days[when]
        return ActionLine(
            number=row.number,
            title=labels.title_as_read(row.title),
            detail=detail,
            who=who,
            partner=partner_words % {"organization": row.organization} if row.organization else "",
            due=due,
            is_late=late,
            status=status_words[row.status],
            tag=labels.STATUS_TAGS[row.status],
            repeats=often(row.unit, row.every) if row.unit is not None else "",
        )

    return line


def _when(due: date | None, done: date | None, status: ActionStatus, phrasing: Wording) -> tuple[str, bool]:
    """Returns the due date in words, and whether it is past; for a done action, the day it was done."""
    if status is ActionStatus.DONE:
        day = day_text_in(phrasing.language, done, phrasing.today) if done else ""
        return _("Done %(day)s", day=day) if day else "", False
    said = labels.by_when_in(phrasing.language, due, phrasing.today, status) if due else ""
    return said, is_late(due, status, phrasing.today)
