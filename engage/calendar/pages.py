"""Builds what the pages of a month, its list and a day show."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from msgspec import Struct

from engage.calendar import labels, rules
from engage.calendar.queries.asked import Asked
from engage.calendar.queries.lines import lines_of
from engage.calendar.rules import CalendarLine, CalendarView, LineKind
from engage.clock import start_of_day
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.coalitions.queries import group_choices
from engage.i18n import gettext as _
from engage.plan.overview.pages import page as overview_page
from engage.web.lists import (
    Choice,
    ListFilters,
    Option,
    Pages,
    asked,
    enum_asked,
    filter_options,
    flag_asked,
    number_asked,
    page_of,
)

# The icon before a title is the menu's icon for the same feature.
ICONS = {
    LineKind.MEETING: "meetings",
    LineKind.EVENT: "people",
    LineKind.PLAN: "plan",
    LineKind.TASK: "start",
    LineKind.REVIEW: "tasks",
    LineKind.AGREEMENT: "partners",
    LineKind.ROUND: "assessment",
}


class CalendarFilters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. Without a month, the current one is shown."""

    kind: LineKind | None = enum_asked(LineKind)
    group: int | None = number_asked()
    mine: bool = flag_asked()
    view: CalendarView = enum_asked(CalendarView, CalendarView.MONTH)
    month: date | None = asked(None, rules.month_read, write=rules.month_written)

    @classmethod
    def for_person(cls, membership: Membership, args: dict[str, str]) -> "CalendarFilters":
        """Returns the filters that this person may use; who may not see all people gets no groups and no "mine"."""
        filters = cls.of(args)
        sees_all = may(membership.role, Permission.SEE_ALL)
        return filters if sees_all else filters.with_(group=None, mine=False)

    @property
    def are_narrow(self) -> bool:
        return bool(self.kind or self.group or self.mine)

    def everything(self) -> "CalendarFilters":
        return CalendarFilters(view=self.view, month=self.month)


class DayEntry(Struct, frozen=True):
    """A line of the calendar as text; `time` is empty if the line has only a day."""

    title: str
    url: str
    kind: LineKind
    icon: str
    kind_words: str
    time: str
    span: str
    who: str
    place: str
    about: str
    tag: str
    tag_words: str
    # True if it is done, or will not be done.
    is_over: bool


class CalendarDay(Struct, frozen=True):
    """A day with the entries that it shows; `more` is the number of further entries."""

    number: int
    words: str
    url: str
    column: int
    is_today: bool
    entries: Sequence[DayEntry]
    more: int


class MonthPage(Struct, frozen=True):
    filters: CalendarFilters
    heading: str
    weekdays: Sequence[str]
    days: Sequence[CalendarDay]
    is_empty: bool
    before: Choice | None
    after: Choice | None
    # In the current month, today's number, or in the list that of the next day that shows something; else 0.
    today: str
    next: int
    views: Sequence[Choice]
    # The views of the plan, shown only while the calendar is filtered to the plan's due dates, since the
    # calendar is one of these views.
    plan_views: Sequence[Choice]
    pills: Sequence[Choice]
    kinds: Sequence[Option]
    groups: Sequence[Option]
    # The filters as a text, for the printed page.
    only: str
    everything: str


class DayPage(Struct, frozen=True):
    filters: CalendarFilters
    heading: str
    entries: Sequence[DayEntry]
    pages: Pages
    before: str
    after: str
    month: Choice
    everything: str


def month_page(membership: Membership, filters: CalendarFilters, today: date) -> MonthPage:
    """Builds the page of a month, with one query for each kind of thing in it."""
    first = filters.month or today.replace(day=1)
    days = rules.days_of(first)
    zone = membership.coalition.time_zone
    found = rules.by_day(_lines(membership, filters, days[0], days[-1], today), zone)
    most = rules.LIST_SHOWS if filters.view is CalendarView.LIST else rules.MONTH_SHOWS
    rendered = _Rendered(zone, today, is_short=filters.view is CalendarView.MONTH)

    def at(filters: CalendarFilters, **more: Any) -> str:
        return url_for("calendar.index", **filters.args(), **more)

    def month(of: date) -> Choice | None:
        if not rules.in_reach(of):
            return None
        label = labels.month_words(of, with_year=of.year != first.year)
        return Choice(label, at(filters.with_(month=of)), False)

    pills = _pills(membership, filters, at)
    kinds, groups = _kinds(membership, filters), _groups(membership, filters)
    chosen = [each.label for each in (*kinds, *groups) if each.current and each.value]
    chosen += [each.label for each in pills if each.current]
    return MonthPage(
        filters=filters,
        heading=labels.month_words(first),
        weekdays=labels.weekdays(),
        days=[rendered.day(day, found.get(day, ()), most, filters) for day in days],
        is_empty=not found,
        before=month(rules.month_before(first)),
        after=month(rules.month_after(first)),
        today=at(filters.with_(month=None), _anchor="calendar-today"),
        next=_next(first, found, filters, today),
        views=[
            Choice(label, at(filters.with_(view=view)), filters.view is view)
            for view, label in ((CalendarView.MONTH, _("Month")), (CalendarView.LIST, _("List")))
        ],
        plan_views=overview_page.views_beside_calendar(mine=filters.mine)
        if filters.kind is LineKind.PLAN
        else [],
        pills=pills,
        kinds=kinds,
        groups=groups,
        only=", ".join(chosen) if filters.are_narrow else "",
        everything=at(filters.everything()),
    )


def day_page(membership: Membership, filters: CalendarFilters, day: date, asked: str, today: date) -> DayPage:
    """Builds the page of one day with all its entries, split into pages."""
    zone = membership.coalition.time_zone
    found = rules.by_day(_lines(membership, filters, day, day, today), zone).get(day, [])

    def at(day: date, **more: object) -> str:
        args = {**filters.with_(month=None, view=CalendarView.MONTH).args(), **more}
        return url_for("calendar.day", on=day.isoformat(), **args)

    shown, pages = page_of(found, asked, lambda n: at(day, page=n))
    rendered = _Rendered(zone, today)
    month = filters.with_(month=day.replace(day=1))
    return DayPage(
        filters=filters,
        heading=labels.day_words(day, with_year=True),
        entries=[rendered.entry(each) for each in shown],
        pages=pages,
        before=at(day - timedelta(days=1)) if rules.in_reach(day - timedelta(days=1)) else "",
        after=at(day + timedelta(days=1)) if rules.in_reach(day + timedelta(days=1)) else "",
        month=Choice(labels.month_words(day), url_for("calendar.index", **month.args()), False),
        everything=url_for("calendar.day", on=day.isoformat()),
    )


def _lines(
    membership: Membership, filters: CalendarFilters, first: date, last: date, today: date
) -> list[CalendarLine]:
    zone = membership.coalition.time_zone
    return lines_of(
        Asked(
            (membership,),
            since=start_of_day(first, zone),
            until=start_of_day(last + timedelta(days=1), zone),
            first=first,
            last=last,
            kinds=frozenset({filters.kind} if filters.kind is not None else LineKind),
            group_id=filters.group,
            mine=filters.mine,
        ),
        today,
    )


class _Rendered:
    """Turns lines into entries, and looks up shared words only once.

    If `is_short`, an entry says only when it begins.
    """

    def __init__(self, zone: str, today: date, *, is_short: bool = False) -> None:
        self._zone, self._today, self._is_short = zone, today, is_short
        self._kinds = {kind: str(label) for kind, label in labels.ONE_LABELS.items()}
        self._late = _("Late")

    def day(
        self, day: date, lines: Sequence[CalendarLine], most: int, filters: CalendarFilters
    ) -> CalendarDay:
        shown, more = rules.shown(lines, most)
        args = filters.with_(month=None, view=CalendarView.MONTH).args()
        return CalendarDay(
            number=day.day,
            words=labels.day_words(day),
            url=url_for("calendar.day", on=day.isoformat(), **args) if lines else "",
            column=rules.column(day),
            is_today=day == self._today,
            entries=[self.entry(each) for each in shown],
            more=more,
        )

    def entry(self, line: CalendarLine) -> DayEntry:
        starts = line.starts if isinstance(line.starts, datetime) else None
        tag, tag_words = self._tag(line)
        return DayEntry(
            title=line.title,
            url=url_for(line.endpoint, **line.values) if line.endpoint else "",
            kind=line.kind,
            icon=ICONS[line.kind],
            kind_words=self._kinds[line.kind],
            time=labels.time_words(starts, self._zone) if starts else "",
            span=""
            if starts is None or self._is_short
            else labels.span_words(starts, line.minutes, self._zone),
            who=line.who,
            place=line.place,
            about=line.about,
            tag=tag,
            tag_words=tag_words,
            is_over=line.mark is not None,
        )

    def _tag(self, line: CalendarLine) -> tuple[str, str]:
        if line.mark is not None:
            return labels.MARK_TAGS[line.mark], str(labels.MARK_LABELS[line.mark])
        return ("next", self._late) if rules.is_late(line, self._today) else ("", "")


def _next(first: date, found: Collection[date], filters: CalendarFilters, today: date) -> int:
    """Returns the number of today, or in the list of the next day that shows something."""
    if first != today.replace(day=1):
        return 0
    if filters.view is CalendarView.MONTH:
        return today.day
    return min((day.day for day in found if day >= today), default=0)


def _pills(membership: Membership, filters: CalendarFilters, at: Any) -> list[Choice]:
    if not may(membership.role, Permission.SEE_ALL):
        return []
    return [
        Choice(_("All"), at(filters.everything()), not filters.are_narrow),
        Choice(_("Mine"), at(filters.with_(mine=not filters.mine)), filters.mine),
    ]


def _kinds(membership: Membership, filters: CalendarFilters) -> list[Option]:
    hidden = set() if may(membership.role, Permission.SEE_ALL) else {LineKind.TASK, LineKind.REVIEW}
    found = [(kind, label) for kind, label in labels.KIND_LABELS.items() if kind not in hidden]
    return filter_options(_("All kinds"), found, filters.kind)


def _groups(membership: Membership, filters: CalendarFilters) -> list[Option]:
    if not may(membership.role, Permission.SEE_ALL):
        return []
    found = group_choices(membership)
    if not found:
        return []
    return filter_options(_("All groups"), found, filters.group)
