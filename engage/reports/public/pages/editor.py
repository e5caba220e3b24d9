"""Builds the coordinator's page of what the public sees: what can be chosen, and its progress."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from msgspec import Struct
from wtforms import Field

from engage.coalitions.models import Membership
from engage.dates import medium_day
from engage.i18n import gettext as _
from engage.partners.agreements import labels as agreements_labels
from engage.partners.agreements.list import AgreementLine, agreements_of
from engage.partners.agreements.rules import CurrentState
from engage.plan import labels as plan_labels
from engage.plan import queries as plan_queries
from engage.plan.measures import labels as measures_labels
from engage.plan.measures import queries as measures_queries
from engage.plan.measures.rules import MeasureFact, NumberKind
from engage.plan.models import Goal, Plan
from engage.plan.overview import queries as overview_queries
from engage.reports.labels import anybody
from engage.reports.models import PublicPage
from engage.reports.public import queries as public_queries
from engage.reports.public.forms import PublicPageForm, form_for, values_of
from engage.reports.public.pages.progress import goal_words
from engage.reports.public.queries import MeasureName
from engage.reports.public.rules import Called


class Candidates(Struct, frozen=True):
    """Everything in the current plan that can be shown to the public, and what was chosen."""

    plan: Plan
    page: PublicPage | None
    goals: Sequence[Goal]
    counts: Any
    called: dict[int, Called]
    measures: Sequence[MeasureName]
    facts: dict[int, MeasureFact]
    agreements: Sequence[AgreementLine]
    ticked: set[int]

    @classmethod
    def of(cls, membership: Membership, plan: Plan, today: date) -> "Candidates":
        """Reads the candidates in a number of queries that does not depend on rows.

        Numbers are those that the public would get.
        """
        outside = anybody(membership.coalition)
        called = public_queries.goals_called(membership, plan.id)
        earlier = public_queries.earlier_titles(membership, plan.id)
        goals = plan_queries.goals_of(membership, plan.id)
        for goal in goals:
            if goal.id not in called:
                called[goal.id] = Called(earlier.get(goal.title, ""), False)
        found = measures_queries.measures_of_plan(outside, plan.id)
        return cls(
            plan=plan,
            page=public_queries.page_of(membership),
            goals=goals,
            counts=overview_queries.counts_of(membership, plan.id, today),
            called=called,
            measures=public_queries.measures_called(membership, plan.id),
            facts={fact.id: fact for facts in found.values() for fact in facts},
            agreements=[each for each in agreements_of(membership, today) if each.may_be_named],
            ticked=public_queries.agreements_ticked(membership),
        )

    def form(self, *, typed: bool) -> PublicPageForm:
        """Returns the form as it was posted (`typed`), else as it is saved."""
        saved = values_of(
            self.page.version if self.page is not None else 0,
            self.called,
            {each.id: each.called for each in self.measures},
            self.ticked,
        )
        settings = {} if typed else {"formdata": None, "data": saved}
        return form_for(
            [(goal.id, plan_labels.goal_heading(n, goal.title)) for n, goal in enumerate(self.goals, 1)],
            [(each.id, self.facts[each.id].title) for each in self.measures],
            [(each.id, each.organization) for each in self.agreements],
            **settings,
        )


class MeasureFields(Struct, frozen=True):
    """The fields of a measure.

    `now` is what the public would read today; `has_unit` is False for percentages.
    """

    name: str
    now: str
    tick: Field
    title: Field
    unit: Field
    has_unit: bool


class GoalFields(Struct, frozen=True):
    heading: str
    progress: str
    tick: Field
    title: Field
    measures: list[MeasureFields]


class PartnerField(Struct, frozen=True):
    """The field of a partner.

    `agreement` names the agreement and its state, because an ended one is a reason to ask again.
    """

    tick: Field
    name: str
    agreement: str


def goal_fields(found: Candidates, form: PublicPageForm, today: date) -> list[GoalFields]:
    goals, ticks = _options(form.goals), _options(form.measures)
    return [
        GoalFields(
            heading=goals[goal.id].label.text,
            progress=goal_words(found.counts.rollup.goal(goal.id)),
            tick=goals[goal.id],
            title=form.goal_title(goal.id),
            measures=[
                _measure(found.facts[each.id], ticks[each.id], form, today)
                for each in found.measures
                if each.goal_id == goal.id
            ],
        )
        for goal in found.goals
    ]


def _measure(fact: MeasureFact, tick: Field, form: PublicPageForm, today: date) -> MeasureFields:
    latest = fact.latest
    return MeasureFields(
        name=fact.title,
        now=_("no reading yet") if latest is None else measures_labels.point_words(latest, fact, today),
        tick=tick,
        title=form.measure_title(fact.id),
        unit=form.measure_unit(fact.id),
        has_unit=fact.number is not NumberKind.PERCENT,
    )


def partner_fields(found: Candidates, form: PublicPageForm) -> list[PartnerField]:
    ticks = _options(form.partners)
    return [PartnerField(ticks[each.id], each.organization, _agreement(each)) for each in found.agreements]


def _agreement(line: AgreementLine) -> str:
    kind = str(agreements_labels.KIND_LABELS[line.kind])
    standing = str(agreements_labels.CURRENT_STATE_LABELS[line.standing]).lower()
    said = _("Agreement %(number)s, %(kind)s, %(standing)s", number=line.number, kind=kind, standing=standing)
    if line.ends_on is not None and line.standing is CurrentState.SIGNED:
        return _("%(said)s until %(day)s", said=said, day=medium_day(line.ends_on))
    return said


def _options(field: Field) -> dict[int, Field]:
    return {int(option.data): option for option in field}


def unit_choices() -> list[str]:
    """Returns common units; people can also type another word."""
    return [
        _("people"),
        _("families"),
        _("organizations"),
        _("beds"),
        _("nights"),
        _("trainings"),
        _("meetings"),
        _("hours"),
        _("days"),
        _("dollars"),
    ]
