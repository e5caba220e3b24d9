"""Builds the month, its list and a day, in words."""

from collections.abc import Collection, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _
from msgspec import Struct

from engage.calendar import rules, words
from engage.calendar.queries.asked import Asked
from engage.calendar.queries.lines import lines_of
from engage.calendar.rules import Kind, Line, View
from engage.clock import start_of_day
from engage.coalitions.groups.service import group_choices
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.plan.overview.pages import page as overview_page
from engage.web.lists import (
    Choice,
    ListFilters,
    Option,
    Pages,
    asked,
    enum_asked,
    flag_asked,
    number_asked,
    page_of,
)

# The icon before a title is the menu's icon for the same feature.
ICONS = {
    Kind.MEETING: "meetings",
    Kind.EVENT: "people",
    Kind.PLAN: "plan",
    Kind.TASK: "tips",
    Kind.REVIEW: "tasks",
    Kind.AGREEMENT: "partners",
    Kind.ROUND: "assessment",
}


class Filters(ListFilters, frozen=True):
    """The filters in the address; invalid values are ignored. Without a month it is the current one."""

    kind: Kind | None = enum_asked(Kind)
    group: int | None = number_asked()
    mine: bool = flag_asked()
    view: View = enum_asked(View, View.MONTH)
    month: date | None = asked(None, rules.month_read, write=rules.month_written)

    @classmethod
    def for_person(cls, membership: Membership, args: dict[str, str]) -> "Filters":
        """Returns the filters that this person may use; without the right to see people, no groups and no "mine"."""
        filters = cls.of(args)
        sees_all = may(membership.role, Permission.SEE_ALL)
        return filters if sees_all else filters.with_(group=None, mine=False)

    @property
    def are_narrow(self) -> bool:
        return bool(self.kind or self.group or self.mine)

    def everything(self) -> "Filters":
        return Filters(view=self.view, month=self.month)


class Entry(Struct, frozen=True):
    """A line in words; `time` is empty if there is only a day."""

    title: str
    url: str
    kind: Kind
    icon: str
    kind_words: str
    time: str
    span: str
    who: str
    place: str
    about: str
    tag: str
    tag_words: str
    # This is true if it is done, or will not be done.
    is_over: bool


class Day(Struct, frozen=True):
    """A day with the entries that it shows; `more` counts the others."""

    number: int
    words: str
    url: str
    column: int
    is_today: bool
    entries: Sequence[Entry]
    more: int


class MonthPage(Struct, frozen=True):
    filters: Filters
    heading: str
    weekdays: Sequence[str]
    days: Sequence[Day]
    is_empty: bool
    before: Choice | None
    after: Choice | None
    # In the current month, `next` is the number of the day where the list continues; in all other months it is 0.
    today: str
    next: int
    views: Sequence[Choice]
    # These are the plan's views, shown beside its due dates alone, since the calendar is one of them.
    plan_views: Sequence[Choice]
    pills: Sequence[Choice]
    groups: Sequence[Option]
    # These are the filters in words, for paper.
    only: str
    everything: str


class DayPage(Struct, frozen=True):
    filters: Filters
    heading: str
    entries: Sequence[Entry]
    pages: Pages
    before: str
    after: str
    month: Choice
    everything: str


def month_page(membership: Membership, filters: Filters, today: date) -> MonthPage:
    """Builds the month, with one query for each kind of thing in it."""
    first = filters.month or today.replace(day=1)
    days = rules.days_of(first)
    zone = membership.coalition.time_zone
    found = rules.by_day(_lines(membership, filters, days[0], days[-1], today), zone)
    most = rules.LIST_SHOWS if filters.view is View.LIST else rules.MONTH_SHOWS
    drawn = _Drawn(zone, today, is_short=filters.view is View.MONTH)

    def at(filters: Filters, **more: Any) -> str:
        return url_for("calendar.index", **filters.args(), **more)

    def month(of: date) -> Choice | None:
        if not rules.in_reach(of):
            return None
        label = words.month_words(of, with_year=of.year != first.year)
        return Choice(label, at(filters.with_(month=of)), False)

    pills, groups = _pills(membership, filters, at), _groups(membership, filters)
    chosen = [each.label for each in pills if each.current] + [each.label for each in groups if each.current]
    return MonthPage(
        filters=filters,
        heading=words.month_words(first),
        weekdays=words.weekdays(),
        days=[drawn.day(day, found.get(day, ()), most, filters) for day in days],
        is_empty=not found,
        before=month(rules.month_before(first)),
        after=month(rules.month_after(first)),
        today=at(filters.with_(month=None), _anchor="calendar-today"),
        next=_next(first, found, filters, today),
        views=[
            Choice(label, at(filters.with_(view=view)), filters.view is view)
            for view, label in ((View.MONTH, _("Month")), (View.LIST, _("List")))
        ],
        plan_views=overview_page.views_beside_calendar(mine=filters.mine)
        if filters.kind is Kind.PLAN
        else [],
        pills=pills,
        groups=groups,
        only=", ".join(chosen) if filters.are_narrow else "",
        everything=at(filters.everything()),
    )


def day_page(membership: Membership, filters: Filters, day: date, asked: str, today: date) -> DayPage:
    """Builds one day with all its entries, page by page."""
    zone = membership.coalition.time_zone
    found = rules.by_day(_lines(membership, filters, day, day, today), zone).get(day, [])

    def at(day: date, **more: object) -> str:
        args = {**filters.with_(month=None, view=View.MONTH).args(), **more}
        return url_for("calendar.day", on=day.isoformat(), **args)

    shown, pages = page_of(found, asked, lambda n: at(day, page=n))
    drawn = _Drawn(zone, today)
    month = filters.with_(month=day.replace(day=1))
    return DayPage(
        filters=filters,
        heading=words.day_words(day, with_year=True),
        entries=[drawn.entry(each) for each in shown],
        pages=pages,
        before=at(day - timedelta(days=1)) if rules.in_reach(day - timedelta(days=1)) else "",
        after=at(day + timedelta(days=1)) if rules.in_reach(day + timedelta(days=1)) else "",
        month=Choice(words.month_words(day), url_for("calendar.index", **month.args()), False),
        everything=url_for("calendar.day", on=day.isoformat()),
    )


def _lines(membership: Membership, filters: Filters, first: date, last: date, today: date) -> list[Line]:
    zone = membership.coalition.time_zone
    return lines_of(
        Asked(
            (membership,),
            since=start_of_day(first, zone),
            until=start_of_day(last + timedelta(days=1), zone),
            first=first,
            last=last,
            kinds=frozenset({filters.kind} if filters.kind is not None else Kind),
            group_id=filters.group,
            mine=filters.mine,
        ),
        today,
    )


class _Drawn:
    """Puts lines into words, and looks up shared words only once. Short lines only say when something begins."""

    def __init__(self, zone: str, today: date, *, is_short: bool = False) -> None:
        self._zone, self._today, self._is_short = zone, today, is_short
        self._kinds = {kind: str(label) for kind, label in words.ONE_WORDS.items()}
        self._late = _("Late")

    def day(self, day: date, lines: Sequence[Line], most: int, filters: Filters) -> Day:
        shown, more = rules.shown(lines, most)
        args = filters.with_(month=None, view=View.MONTH).args()
        return Day(
            number=day.day,
            words=words.day_words(day),
            url=url_for("calendar.day", on=day.isoformat(), **args) if lines else "",
            column=rules.column(day),
            is_today=day == self._today,
            entries=[self.entry(each) for each in shown],
            more=more,
        )

    def entry(self, line: Line) -> Entry:
        starts = line.starts if isinstance(line.starts, datetime) else None
        tag, tag_words = self._tag(line)
        return Entry(
            title=line.title,
            url=url_for(line.endpoint, **line.values) if line.endpoint else "",
            kind=line.kind,
            icon=ICONS[line.kind],
            kind_words=self._kinds[line.kind],
            time=words.time_words(starts, self._zone) if starts else "",
            span=""
            if starts is None or self._is_short
            else words.span_words(starts, line.minutes, self._zone),
            who=line.who,
            place=line.place,
            about=line.about,
            tag=tag,
            tag_words=tag_words,
            is_over=line.mark is not None,
        )

    def _tag(self, line: Line) -> tuple[str, str]:
        if line.mark is not None:
            return words.MARK_TAGS[line.mark], str(words.MARK_WORDS[line.mark])
        return ("next", self._late) if rules.is_late(line, self._today) else ("", "")


def _next(first: date, found: Collection[date], filters: Filters, today: date) -> int:
    """Returns the number of today, or of the next day in the list that shows something."""
    if first != today.replace(day=1):
        return 0
    if filters.view is View.MONTH:
        return today.day
    return min((day.day for day in found if day >= today), default=0)


def _pills(membership: Membership, filters: Filters, at: Any) -> list[Choice]:
    sees_all = may(membership.role, Permission.SEE_ALL)
    kinds = [kind for kind in Kind if sees_all or kind not in {Kind.TASK, Kind.REVIEW}]
    pills = [Choice(_("All"), at(filters.everything()), not filters.are_narrow)]
    for kind in kinds:
        current = filters.kind is kind
        wanted = filters.with_(kind=None if current else kind)
        pills.append(Choice(str(words.KIND_WORDS[kind]), at(wanted), current))
    if sees_all:
        pills.append(Choice(_("Mine"), at(filters.with_(mine=not filters.mine)), filters.mine))
    return pills


def _groups(membership: Membership, filters: Filters) -> list[Option]:
    if not may(membership.role, Permission.SEE_ALL):
        return []
    found = group_choices(membership)
    if not found:
        return []
    return [
        Option("", _("All groups"), False),
        *(Option(str(key), name, key == filters.group) for key, name in found),
    ]
