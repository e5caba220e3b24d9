"""Builds the page that lists every report: its purpose, its dates, and its forms."""

from collections.abc import Mapping
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


class ReportLink(Struct, frozen=True):
    """A link. `label` names only the form; `whole` also names the report, for screen readers' lists of links."""

    label: str
    whole: str
    url: str


class ReportEntry(Struct, frozen=True):
    """A report. `of` says what it covers and on which day; empty if there is nothing to report yet."""

    id: str
    title: str
    what_for: str
    of: str
    url: str
    files: list[ReportLink]


def entries(membership: Membership, today: date) -> list[ReportEntry]:
    """Returns the entries, in two queries."""
    return [
        _of_funder(today),
        *_of_plan(membership),
        _entry(
            "charter",
            _("Charter"),
            _("For a new member, a funder, or the wall: your purpose, how you are set up, who does what."),
            "",
            url_for("reports.charter"),
            {"PDF": url_for("reports.charter_pdf")},
        ),
        _of_assessment(membership),
        _entry(
            "checklist",
            _("Tips for Success"),
            _("What healthy coalitions do, tip by tip: what you have done and what is still open."),
            "",
            url_for("checklist.index"),
            {},
        ),
        _entry(
            "partners",
            _("Partners and agreements"),
            _(
                "Every organization with its sector, how strong the relationship is, and which "
                "agreements are signed and when they end."
            ),
            "",
            url_for("reports.partners"),
            {
                "PDF": url_for("reports.partners_pdf"),
                **_export(membership, "partners.organizations_file"),
            },
        ),
        _entry(
            "chain",
            _("Why we do each thing"),
            _("Each need and action: which answers it came from, and what came of it."),
            "",
            url_for("chain.index", page="all"),
            {"CSV": url_for("chain.file")},
        ),
        *_for_coordinators(membership),
        _entry(
            "guide",
            _("Guide for coordinators"),
            _("Four pages, from the first evening to handing over."),
            "",
            url_for("reports.guide"),
            {"PDF": url_for("reports.guide_pdf")},
        ),
        _entry(
            "card",
            _("Card for members"),
            _("Half a page to hand out: what you can do here, and what we promise each other."),
            "",
            url_for("reports.card"),
            {"PDF": url_for("reports.card_pdf")},
        ),
    ]


def _for_coordinators(membership: Membership) -> list[ReportEntry]:
    found = []
    if may(membership.role, Permission.EXPORT):
        found.append(
            _entry(
                "handover",
                _("Handover pack"),
                _(
                    "For the next coordinator: what is open, what was promised, who to call, what is "
                    "coming up."
                ),
                "",
                url_for("reports.handover"),
                {"PDF": url_for("reports.handover_pdf"), _("zip"): url_for("reports.handover_zip")},
            )
        )
    if may(membership.role, Permission.PUBLISH):
        found.append(
            _entry(
                "public",
                _("Public page"),
                _(
                    "For anyone with the link: the parts of About us, open meetings and goals that "
                    "you choose, and nothing more."
                ),
                "",
                url_for("reports.public_page"),
                {},
            )
        )
    return found


def _of_plan(membership: Membership) -> list[ReportEntry]:
    plan = next(iter(plan_queries.plans_of(membership)), None)
    of, files = _("There is no plan yet."), plan is not None
    if plan is not None:
        period = plan.starts_on and plan.ends_on and between(plan.starts_on, plan.ends_on)
        of = f"{plan.title}, {period}" if period else plan.title
    export = {}
    if plan is not None and may(membership.role, Permission.EXPORT):
        export = {
            "CSV": url_for("plan.plan_csv", plan_id=plan.id),
            "XLSX": url_for("plan.plan_xlsx", plan_id=plan.id),
        }
    return [
        _entry(
            "one-page",
            _("Plan on one page"),
            _("For the city council, the newspaper and the wall: goals, progress, next steps."),
            of,
            url_for("reports.one_page"),
            {"PDF": url_for("reports.one_page_pdf")} if files else {},
        ),
        _entry(
            "plan",
            _("Full plan"),
            _("Every goal, objective and action with its owner, due date and status."),
            of,
            url_for("reports.full_plan"),
            {"PDF": url_for("reports.full_plan_pdf"), **export} if files else {},
        ),
    ]


def _of_assessment(membership: Membership) -> ReportEntry:
    last = assessment.leading(assessment.closed_rounds(membership))
    of, files = _("No round is closed yet."), dict[str, str]()
    if last is not None:
        day = local_day(last.closed_at, membership.coalition.time_zone)
        of = _("%(title)s, closed on %(day)s.", title=last.title, day=long_day(day))
        files = {
            "PDF": url_for("reports.assessment_pdf"),
            "CSV": url_for("assessment.results_file", round_id=last.id),
        }
    return _entry(
        "assessment",
        _("Community assessment"),
        _("Results in each focus area, and how they changed since the round before."),
        of,
        url_for("reports.assessment_page"),
        files,
    )


def _of_funder(today: date) -> ReportEntry:
    quarter = Period.of({}, today)
    return _entry(
        "funder",
        _("Funder report"),
        _(
            "For a funder, for any dates you choose: who took part, partnerships, activities, what "
            "was done and what changed, in your own words."
        ),
        between(quarter.since, quarter.until),
        url_for("reports.funder"),
        {"PDF": url_for("reports.funder_pdf"), "XLSX": url_for("reports.funder_xlsx")},
    )


def _export(membership: Membership, endpoint: str) -> dict[str, str]:
    return {"CSV": url_for(endpoint)} if may(membership.role, Permission.EXPORT) else {}


def _entry(id_: str, title: str, what_for: str, of: str, url: str, files: Mapping[str, str]) -> ReportEntry:
    links = [
        ReportLink(form, _("%(form)s: %(report)s", report=title, form=form), address)
        for form, address in files.items()
    ]
    return ReportEntry(id_, title, what_for, of, url, links)
