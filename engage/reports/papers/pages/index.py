"""Builds the page that lists every report: its purpose and its dates."""

from datetime import date

from flask import url_for
from msgspec import Struct

from engage.assessment import queries as assessment
from engage.clock import local_day
from engage.coalitions.models import Membership
from engage.coalitions.permissions import Permission, may
from engage.dates import long_day
from engage.i18n import gettext as _
from engage.plan import queries as plan_queries
from engage.reports.labels import between
from engage.reports.rules import Period


class ReportEntry(Struct, frozen=True):
    """A report. `of` says what it covers and on which day; empty if there is nothing to report yet."""

    id: str
    title: str
    what_for: str
    of: str
    url: str


def entries(membership: Membership, today: date) -> list[ReportEntry]:
    """Returns the entries, in two queries."""
    return [
        _of_funder(today),
        *_of_plan(membership),
        ReportEntry(
            "charter",
            _("Charter"),
            _("For a new member, a funder, or the wall: your purpose, how you are set up, who does what."),
            "",
            url_for("reports.charter"),
        ),
        _of_assessment(membership),
        ReportEntry(
            "checklist",
            _("Tips for Success"),
            _("What healthy coalitions do, tip by tip: what you have done and what is still open."),
            "",
            url_for("checklist.index"),
        ),
        ReportEntry(
            "partners",
            _("Partners and agreements"),
            _(
                "Every organization with its sector, how strong the relationship is, and which "
                "agreements are signed and when they end."
            ),
            "",
            url_for("reports.partners"),
        ),
        ReportEntry(
            "chain",
            _("Why we do each thing"),
            _("Each need and action: which answers it came from, and what came of it."),
            "",
            url_for("chain.index", page="all"),
        ),
        *_for_coordinators(membership),
        ReportEntry(
            "guide",
            _("Guide for coordinators"),
            _("Four pages, from the first evening to handing over."),
            "",
            url_for("reports.guide"),
        ),
        ReportEntry(
            "card",
            _("Card for members"),
            _("Half a page to hand out: what you can do here, and what we promise each other."),
            "",
            url_for("reports.card"),
        ),
    ]


def _for_coordinators(membership: Membership) -> list[ReportEntry]:
    found = []
    if may(membership.role, Permission.EXPORT):
        found.append(
            ReportEntry(
                "handover",
                _("Handover pack"),
                _(
                    "For the next coordinator: what is open, what was promised, who to call, what is "
                    "coming up."
                ),
                "",
                url_for("reports.handover"),
            )
        )
    if may(membership.role, Permission.PUBLISH):
        found.append(
            ReportEntry(
                "public",
                _("Public page"),
                _(
                    "For anyone with the link: the parts of About us, open meetings, and goals that "
                    "you choose, and nothing more."
                ),
                "",
                url_for("reports.public_page"),
            )
        )
        found.append(
            ReportEntry(
                "live-tables",
                _("Live tables"),
                _(
                    "For Google Sheets and Excel: your numbers by a secret link, up to date each time "
                    "the sheet looks."
                ),
                "",
                url_for("reports.live_tables"),
            )
        )
    return found


def _of_plan(membership: Membership) -> list[ReportEntry]:
    plan = next(iter(plan_queries.plans_of(membership)), None)
    of = _("There is no plan yet.")
    if plan is not None:
        period = plan.starts_on and plan.ends_on and between(plan.starts_on, plan.ends_on)
        of = f"{plan.title}, {period}" if period else plan.title
    return [
        ReportEntry(
            "one-page",
            _("Plan on one page"),
            _("For the city council, the newspaper, and the wall: goals, progress, next steps."),
            of,
            url_for("reports.one_page"),
        ),
        ReportEntry(
            "plan",
            _("Full plan"),
            _("Every goal, objective, and action with its owner, due date, and status."),
            of,
            url_for("reports.full_plan"),
        ),
    ]


def _of_assessment(membership: Membership) -> ReportEntry:
    last = assessment.leading(assessment.closed_rounds(membership))
    of = _("No round is closed yet.")
    if last is not None:
        day = local_day(last.closed_at, membership.coalition.time_zone)
        of = _("%(title)s, closed on %(day)s.", title=last.title, day=long_day(day))
    return ReportEntry(
        "assessment",
        _("Community assessment"),
        _("Results in each focus area, and how they changed since the round before."),
        of,
        url_for("reports.assessment_page"),
    )


def _of_funder(today: date) -> ReportEntry:
    quarter = Period.of({}, today)
    return ReportEntry(
        "funder",
        _("Funder report"),
        _(
            "For a funder, for any dates you choose: who took part, partnerships, activities, what "
            "was done, and what changed, in your own words."
        ),
        between(quarter.since, quarter.until),
        url_for("reports.funder"),
    )
