"""Describes what changed in a period, in words; viewers see organizations instead of people."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from functools import partial
from typing import TypeVar

from flask import url_for
from msgspec import Struct

from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import names_of
from engage.dates import day_text
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.partners.queries import organization_names
from engage.plan import labels
from engage.plan import queries as plan_queries
from engage.plan.changes import queries
from engage.plan.changes.queries import (
    Added,
    Asked,
    ChangeCounts,
    ChangeKind,
    Gone,
    PlaceAdded,
    PlanMove,
    Read,
)
from engage.plan.changes.rules import ChangePeriod
from engage.plan.measures.labels import measure_url, reached_words
from engage.plan.models import Action, Goal, Plan
from engage.plan.rules import ActionStatus
from engage.web.lists import PAGE_ROWS, Pages, pages_of

Known = TypeVar("Known", Added, PlaceAdded, Gone)

# The review shows this many of each kind.
FEW = 20
SINCE_DAYS = 30


class ChangeLine(Struct, frozen=True):
    """A change; `url` is None if the thing no longer exists."""

    tag: str
    tag_kind: str
    title: str
    url: str | None
    detail: str


class ChangeSection(Struct, frozen=True):
    """The rows of one kind, all or the first ones."""

    key: str
    title: str
    rows: Sequence[ChangeLine]
    total: int
    all_url: str = ""

    @property
    def has_more(self) -> bool:
        return self.total > len(self.rows)


class AllChanges(Struct, frozen=True):
    """The number of changes of each kind, and the first rows of each."""

    summary: Sequence[str]
    sections: Sequence[ChangeSection]


class KindPage(Struct, frozen=True):
    """One page of all rows of one kind."""

    section: ChangeSection
    pages: Pages


def default_period(membership: Membership, today: date) -> ChangePeriod:
    """Returns the time since the last meeting, or the last month if there was none."""
    day = queries.last_meeting_day(membership, today)
    return ChangePeriod(min(day or today - timedelta(days=SINCE_DAYS), today), today)


def changes_of(asked: Asked, today: date) -> AllChanges:
    """Builds the first rows of every kind; the queries do not grow with the rows."""
    counts = queries.counts_of(asked)
    writer = ChangeWriter.of(asked.membership, today)
    sections = [writer.section(asked, each, counts.of[each], FEW) for each in ChangeKind if counts.of[each]]
    if (plans := writer.plans(plan_queries.plans_of(asked.membership), asked.period)).rows:
        sections.insert(0, plans)
    return AllChanges(_summary(counts), sections)


def kind_page_of(asked: Asked, kind: ChangeKind, page: str, today: date) -> KindPage:
    """Builds a page of one kind; the queries do not grow with the rows."""
    total = queries.counts_of(asked).of[kind]
    pages = pages_of(total, page, partial(_url, asked, kind))
    skip = (pages.page - 1) * PAGE_ROWS
    return KindPage(
        ChangeWriter.of(asked.membership, today).section(asked, kind, total, PAGE_ROWS, skip), pages
    )


def _url(asked: Asked, kind: ChangeKind, page: int = 1) -> str:
    return url_for(
        "plan.changes",
        plan=asked.plan_id or None,
        **asked.period.args(),
        kind=kind.value,
        page=page if page > 1 else None,
    )


def _summary(counts: ChangeCounts) -> list[str]:
    """Returns the number of changes of each kind: "12 actions done"."""
    found = [status_count(status, n) for status, n in counts.to.items()]
    return found + [
        count_words(kind, counts.of[kind])
        for kind in ChangeKind
        if kind is not ChangeKind.STATUS and counts.of[kind]
    ]


def status_count(status: ActionStatus, number: int) -> str:
    """Returns how many actions changed to the status: "12 done"."""
    return {
        ActionStatus.DONE: ngettext("%(num)s action done", "%(num)s actions done", number),
        ActionStatus.STUCK: ngettext("%(num)s action stuck", "%(num)s actions stuck", number),
        ActionStatus.UNDER_WAY: ngettext("%(num)s action under way", "%(num)s actions under way", number),
        ActionStatus.NOT_STARTED: ngettext(
            "%(num)s action moved back to “Not started”",
            "%(num)s actions moved back to “Not started”",
            number,
        ),
        ActionStatus.NO_LONGER_NEEDED: ngettext(
            "%(num)s action no longer needed", "%(num)s actions no longer needed", number
        ),
    }[status]


def count_words(kind: ChangeKind, number: int) -> str:
    return {
        ChangeKind.STATUS: ngettext("%(num)s action moved", "%(num)s actions moved", number),
        ChangeKind.NEW: ngettext("%(num)s new action", "%(num)s new actions", number),
        ChangeKind.DUE: ngettext("%(num)s due date changed", "%(num)s due dates changed", number),
        ChangeKind.OWNER: ngettext(
            "%(num)s action has a new owner", "%(num)s actions have a new owner", number
        ),
        ChangeKind.PLACES: ngettext(
            "%(num)s new goal or objective", "%(num)s new goals and objectives", number
        ),
        ChangeKind.READINGS: ngettext("%(num)s reading", "%(num)s readings", number),
        ChangeKind.DELETED: ngettext("%(num)s deleted", "%(num)s deleted", number),
    }[kind]


def _titles() -> dict[ChangeKind, str]:
    return {
        ChangeKind.STATUS: _("Changed actions"),
        ChangeKind.NEW: _("New actions"),
        ChangeKind.DUE: _("Due dates"),
        ChangeKind.OWNER: _("Owner"),
        ChangeKind.PLACES: _("New goals and objectives"),
        ChangeKind.READINGS: _("New readings"),
        ChangeKind.DELETED: _("Deleted"),
    }


def title_of(kind: ChangeKind) -> str:
    return _titles()[kind]


class ChangeWriter(Struct, frozen=True):
    """Puts changes into words for one reader."""

    membership: Membership
    today: date
    sees_people: bool
    # For a viewer, these are the names of people's organizations, by the membership's id.
    organizations: Mapping[int, str]

    @classmethod
    def of(cls, membership: Membership, today: date) -> "ChangeWriter":
        sees_people = may(membership.role, Permission.SEE_ALL)
        return cls(membership, today, sees_people, {} if sees_people else organization_names(membership))

    def section(self, asked: Asked, kind: ChangeKind, total: int, most: int, skip: int = 0) -> ChangeSection:
        rows = self.rows(asked, kind, most, skip)
        return ChangeSection(kind.value, title_of(kind), rows, total, _url(asked, kind))

    def rows(self, asked: Asked, kind: ChangeKind, most: int, skip: int = 0) -> list[ChangeLine]:
        match kind:
            case ChangeKind.STATUS | ChangeKind.DUE | ChangeKind.OWNER:
                return self._moves(kind, queries.moves_of(asked, kind, most, skip))
            case ChangeKind.NEW:
                return self._with_names(queries.added_in(asked, most, skip), self._added)
            case ChangeKind.PLACES:
                return self._with_names(queries.places_added_in(asked, most, skip), self._place)
            case ChangeKind.READINGS:
                return [self._read(each) for each in queries.readings_in(asked, most, skip)]
            case ChangeKind.DELETED:
                return self._with_names(queries.deleted_in(asked, most, skip), self._gone)

    # -- who and when

    def _names(self, keys: Iterable[int | None]) -> Mapping[int, str]:
        if not self.sees_people:
            return self.organizations
        wanted = {key for key in keys if key is not None}
        return names_of(self.membership, wanted)

    def _with_names(
        self, found: Sequence[Known], word: Callable[[Known, str], ChangeLine]
    ) -> list[ChangeLine]:
        names = self._names(each.by for each in found)
        return [word(each, self._by(names, each.by, each.at)) for each in found]

    def _day(self, day: date) -> str:
        return day_text(day, self.today)

    def _by(self, names: Mapping[int, str], by: int | None, at: datetime) -> str:
        """Returns words such as "Maria Lopez, Nov 3", or only the day if people may not be named."""
        day = self._day(local_day(at, self.membership.coalition.time_zone))
        who = names.get(by or 0, "")
        return _("%(who)s, %(day)s", who=who, day=day) if who else day

    # -- each kind

    def _moves(self, kind: ChangeKind, found: Sequence[PlanMove]) -> list[ChangeLine]:
        keys: list[int | None] = [each.by for each in found]
        if kind is ChangeKind.OWNER:
            keys += [int(value) for each in found for value in (each.old, each.new) if value]
        names = self._names(keys)
        words_of: dict[ChangeKind, Callable[[PlanMove, str], ChangeLine]] = {
            ChangeKind.STATUS: self._status,
            ChangeKind.DUE: self._due,
            ChangeKind.OWNER: partial(self._owner, names),
        }
        word = words_of[kind]
        return [word(each, self._by(names, each.by, each.at)) for each in found]

    def _action(self, tag: str, tag_kind: str, number: int, title: str, *details: str) -> ChangeLine:
        named = _("%(number)s. %(title)s", number=number, title=title)
        url = url_for("plan.action", number=number)
        return ChangeLine(tag, tag_kind, named, url, " · ".join(each for each in details if each))

    def _status(self, move: PlanMove, by: str) -> ChangeLine:
        old, new = ActionStatus(move.old or ""), ActionStatus(move.new or "")
        before = _("from %(status)s", status=labels.STATUS_LABELS[old])
        return self._action(
            str(labels.STATUS_LABELS[new]), labels.STATUS_TAGS[new], move.number, move.title, before, by
        )

    def _due(self, move: PlanMove, by: str) -> ChangeLine:
        old = date.fromisoformat(move.old) if move.old else None
        new = date.fromisoformat(move.new) if move.new else None
        if old is None or new is None:
            tag = _("Date set") if new is not None else _("No date")
            said = self._day(new) if new is not None else _("was %(day)s", day=self._day(old)) if old else ""
        else:
            tag = _("Later") if new > old else _("Earlier")
            said = _("from %(old)s to %(new)s", old=self._day(old), new=self._day(new))
        return self._action(tag, "info", move.number, move.title, said, by)

    def _owner(self, names: Mapping[int, str], move: PlanMove, by: str) -> ChangeLine:
        old, new = (self._lead(names, value) for value in (move.old, move.new))
        said = _("from %(old)s to %(new)s", old=old, new=new)
        if old == new:
            # Two people of one organization, or without one, look the same to a reader who may not see people.
            said = _("another person from %(who)s", who=new) if move.new and names.get(int(move.new)) else ""
        return self._action(_("New owner"), "info", move.number, move.title, said, by)

    def _lead(self, names: Mapping[int, str], value: str | None) -> str:
        if not value:
            return _("no one")
        return names.get(int(value)) or (_("a former member") if self.sees_people else _("a person"))

    def _added(self, added: Added, by: str) -> ChangeLine:
        status = str(labels.STATUS_LABELS[added.status])
        return self._action(status, labels.STATUS_TAGS[added.status], added.number, added.title, by)

    def _place(self, place: PlaceAdded, by: str) -> ChangeLine:
        if place.is_goal:
            return ChangeLine(_("Goal"), "info", place.title, url_for("plan.goal", goal_id=place.id), by)
        return ChangeLine(
            _("Objective"), "info", place.title, url_for("plan.objective", objective_id=place.id), by
        )

    def _read(self, read: Read) -> ChangeLine:
        fact = read.measure
        url = measure_url(fact.objective_id, fact.id)
        return ChangeLine(
            self._day(read.point.day), "info", fact.title, url, reached_words(fact, read.point.value)
        )

    def _gone(self, gone: Gone, by: str) -> ChangeLine:
        if gone.thing == Action.__tablename__:
            title = _("Action %(number)s", number=gone.number) if gone.number else _("An action")
        else:
            title = _("A goal") if gone.thing == Goal.__tablename__ else _("An objective")
        return ChangeLine(_("Deleted"), "notstarted", title, None, by)

    def plans(self, plans: Sequence[Plan], period: ChangePeriod) -> ChangeSection:
        said = {
            "started": (_("Started"), "info"),
            "adopted": (_("Adopted"), "done"),
            "closed": (_("Closed"), "notstarted"),
        }
        found = queries.plans_in(plans, period, self.membership.coalition.time_zone)
        rows = [
            ChangeLine(*said[what], plan.title, url_for("plan.index", plan=plan.id), self._day(day))
            for plan, what, day in found
        ]
        return ChangeSection("plans", _("Plans"), rows, len(rows))
