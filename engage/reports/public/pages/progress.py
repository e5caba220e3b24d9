"""Builds the public page: goals and measures under public titles, counts, agreeing partners, open meetings.

Of what people wrote, it shows only the parts of About us and the announcements that a coordinator made
public: none of the plan's own titles, no action, no note. A person is named only if the person agreed.
"""

from collections.abc import Iterable, Mapping
from datetime import date

from msgspec import Struct
from msgspec.structs import replace

from engage.coalitions.about.pages import PublicAbout, public_about
from engage.coalitions.announcements import queries as announcements_queries
from engage.coalitions.announcements.models import Announcement
from engage.coalitions.models import Coalition
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.plan import queries as plan_queries
from engage.plan.measures import labels as measures_labels
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.chart import Small, small
from engage.plan.measures.rules import MeasureFact, NumberKind
from engage.plan.overview import queries as overview_queries
from engage.plan.public.pages import OpenRow, open_rows
from engage.plan.rules import Progress
from engage.reports.labels import anybody, between
from engage.reports.public import queries as public_queries
from engage.reports.public.queries import MeasureName


class ShownMeasure(Struct, frozen=True):
    """A measure.

    `now` is the latest number with its day; start and target are empty if missing or too small to be shown.
    """

    title: str
    now: str
    start: str
    target: str
    small: Small | None


class ShownGoal(Struct, frozen=True):
    title: str
    progress: Progress
    words: str
    measures: tuple[ShownMeasure, ...]


class PublicProgress(Struct, frozen=True):
    """The page's content.

    `period` is empty if there is no current plan, or it has no dates. `withholds` means that counts may be
    too small to be shown.
    """

    coalition: str
    has_plan: bool
    period: str
    as_of: str
    goals: tuple[ShownGoal, ...]
    all_goals: Progress
    partners: tuple[str, ...]
    withholds: bool
    meetings: tuple[OpenRow, ...]
    about: PublicAbout
    announcements: tuple[Announcement, ...]

    @property
    def says_more(self) -> bool:
        """Returns whether there is anything besides goals; without goals the page is no progress page."""
        return bool(
            self.announcements or self.partners or self.meetings or self.about.texts or self.about.positions
        )

    @property
    def is_empty(self) -> bool:
        return not self.goals and not self.says_more


def progress_of(coalition: Coalition, today: date) -> PublicProgress:
    """Builds the page as of today. The number of queries does not depend on the plan's rows."""
    outside = anybody(coalition)
    plan = plan_queries.current_plan(outside)
    if plan is None:
        return _without_plan(coalition, today)
    shown = {
        key: said.title
        for key, said in public_queries.goals_called(outside, plan.id).items()
        if said.is_shown and said.title
    }
    rollup = overview_queries.counts_of(outside, plan.id, today).rollup
    facts = _facts(measures_queries.measures_of_plan(outside, plan.id).values())
    named = [
        each
        for each in public_queries.measures_called(outside, plan.id)
        if each.goal_id in shown and each.called.is_shown and each.called.title and each.id in facts
    ]
    goals = tuple(
        ShownGoal(
            title,
            rollup.goal(key),
            goal_words(rollup.goal(key)),
            tuple(_measure(facts[each.id], each, today) for each in named if each.goal_id == key),
        )
        for key, title in shown.items()
    )
    dated = plan.starts_on is not None and plan.ends_on is not None
    return PublicProgress(
        coalition=coalition.name,
        has_plan=True,
        period=between(plan.starts_on, plan.ends_on) if dated else "",  # type: ignore[arg-type]
        as_of=long_day(today),
        goals=goals,
        all_goals=_together(each.progress for each in goals),
        partners=tuple(public_queries.partners_named(outside)),
        withholds=any(facts[each.id].number is NumberKind.COUNT for each in named),
        meetings=tuple(open_rows(coalition, today)),
        about=public_about(outside, coalition, today),
        announcements=tuple(announcements_queries.public_ones(coalition.id, today)),
    )


def _without_plan(coalition: Coalition, today: date) -> PublicProgress:
    return PublicProgress(
        coalition=coalition.name,
        has_plan=False,
        period="",
        as_of=long_day(today),
        goals=(),
        all_goals=Progress(),
        partners=tuple(public_queries.partners_named(anybody(coalition))),
        withholds=False,
        meetings=tuple(open_rows(coalition, today)),
        about=public_about(anybody(coalition), coalition, today),
        announcements=tuple(announcements_queries.public_ones(coalition.id, today)),
    )


def _facts(by_objective: Iterable[Iterable[MeasureFact]]) -> Mapping[int, MeasureFact]:
    return {fact.id: fact for facts in by_objective for fact in facts}


def _together(parts: Iterable[Progress]) -> Progress:
    every = list(parts)
    return Progress(
        sum(each.done for each in every),
        sum(each.total for each in every),
        sum(each.no_longer_needed for each in every),
    )


def goal_words(progress: Progress) -> str:
    """Returns words such as "3 of 9 actions done, 1 no longer needed"."""
    if not progress.all:
        return _("No actions yet")
    said = ngettext(
        "%(done)s of %(num)s action done",
        "%(done)s of %(num)s actions done",
        progress.total,
        done=progress.done,
    )
    if not progress.no_longer_needed:
        return said
    rest = ngettext("%(num)s no longer needed", "%(num)s no longer needed", progress.no_longer_needed)
    return _("%(said)s, %(rest)s", said=said, rest=rest)


def _measure(fact: MeasureFact, named: MeasureName, today: date) -> ShownMeasure:
    """Returns the measure with its public name and unit; the coalition's own name for it is never shown."""
    return shown_measure(replace(fact, title=named.called.title, unit=named.called.unit), today)


def shown_measure(fact: MeasureFact, today: date) -> ShownMeasure:
    latest, start = fact.latest, fact.course.baseline
    return ShownMeasure(
        title=fact.title,
        now=_("no reading yet") if latest is None else measures_labels.point_words(latest, fact, today),
        start=measures_labels.point_words(start, fact, today)
        if start is not None and start.value is not None
        else "",
        target=measures_labels.target_words(fact, today),
        small=small(fact),
    )
