"""Serves reports: a page lists them, each can be printed, and some also exist as PDF and workbook."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import Response, abort, g, render_template, request, url_for
from msgspec import Struct

from engage import clock
from engage.assessment import queries as assessment
from engage.assessment.results.queries.closed import Results
from engage.coalitions.permissions import Permission, allows, may
from engage.content.loader import content
from engage.i18n import gettext as _
from engage.plan import queries as plan_queries
from engage.plan.models import Plan
from engage.plan.overview.places import asked_id
from engage.reports import bp
from engage.reports.labels import reader
from engage.reports.pages import drawn_rows, labels
from engage.reports.papers.pages import index as index_pages
from engage.reports.papers.pages import plan as plan_pages
from engage.reports.papers.pages.assessment import assessment_report
from engage.reports.papers.pages.charter import charter as charter_paper
from engage.reports.papers.pages.guides import guide_paper
from engage.reports.papers.pages.partners import partners_report
from engage.web.lists import Choice
from engage.web.paper.answers import pdf_answer
from engage.web.paper.rules import Paper
from engage.web.papers import on_paper

bp.add_app_template_global(drawn_rows, "report_rows")
bp.add_app_template_global(labels, "report_heads")


def _today() -> date:
    return clock.today(g.coalition.time_zone)


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return render_template("reports/papers/index.html", entries=index_pages.entries(g.membership, _today()))


def _page(paper: Paper, pdf: str, *, files: list[Choice] | None = None, **more: object) -> str:
    """Renders a report as a page; `pdf` is the address of its PDF, `files` links to its other formats."""
    context: dict[str, object] = {"shows": [], "choices": [], **more}
    return render_template("reports/papers/paper.html", paper=paper, pdf=pdf, files=files or [], **context)


# -- the plan

Maker = Callable[..., Paper]
Args = dict[str, Any]


class _Report(Struct, frozen=True):
    """A report on the plan: the function that builds it, its addresses, and whether it names people by default."""

    make: Maker
    page: str
    pdf: str
    names: bool

    @property
    def with_names(self) -> bool:
        """Returns whether people are named; a viewer never gets names."""
        return {"no": False, "yes": True}.get(request.args.get("names", ""), self.names)

    def args(self, plan_id: int | None, names: bool) -> Args:
        """Returns the choices in the form of an address, without the defaults."""
        said: Args = {"names": "yes" if names else "no"} if names is not self.names else {}
        return said if plan_id is None else {"plan": plan_id, **said}

    def of(self, plan: Plan, url: str = "") -> Paper:
        return self.make(reader(g.membership, names=self.with_names), g.coalition, plan, _today(), url)


# The one-page report may go to a newspaper or be put up on a wall, so it names no one by default.
_ONE_PAGE = _Report(plan_pages.one_page, ".one_page", ".one_page_pdf", names=False)
_FULL = _Report(plan_pages.full_plan, ".full_plan", ".full_plan_pdf", names=True)


def _plan_of(plans: Sequence[Plan]) -> Plan | None:
    """Returns the plan that the address asks for, else the current one; None if there is no plan at all."""
    asked = asked_id(request.args.get("plan"))
    plan = next((each for each in plans if asked in (None, each.id)), None)
    if plan is None and asked is not None:
        abort(404)
    return plan


def _plan_page(report: _Report) -> str:
    plans = plan_queries.plans_of(g.membership)
    plan = _plan_of(plans)
    if plan is None:
        return render_template("reports/papers/no_plan.html")
    asked = plan.id if "plan" in request.args else None
    names = report.with_names
    shows = []
    if may(g.membership.role, Permission.SEE_ALL):
        shows = [
            Choice(label, url_for(report.page, **report.args(asked, which)), which is names)
            for label, which in ((_("With names of people"), True), (_("Without names of people"), False))
        ]
    choices = [
        Choice(each.title, url_for(report.page, **report.args(each.id, names)), each is plan)
        for each in plans
    ]
    action = url_for("plan.action", number=1).removesuffix("1") + "{}"
    return _page(
        report.of(plan, action),
        url_for(report.pdf, **report.args(asked, names)),
        shows=shows,
        choices=choices if len(choices) > 1 else [],
        files=_plan_files(plan) if report is _FULL else [],
    )


def _plan_files(plan: Plan) -> list[Choice]:
    if not may(g.membership.role, Permission.EXPORT):
        return []
    return [
        Choice(_("Download as CSV"), url_for("plan.plan_csv", plan_id=plan.id), False),
        Choice(_("Download as XLSX"), url_for("plan.plan_xlsx", plan_id=plan.id), False),
    ]


def _plan_pdf(report: _Report) -> Response:
    return pdf_answer(report.of(_plan_of(plan_queries.plans_of(g.membership)) or abort(404)))


@bp.get("/one-page")
@allows(Permission.SEE)
@on_paper
def one_page() -> str:
    return _plan_page(_ONE_PAGE)


@bp.get("/one-page.pdf")
@allows(Permission.SEE)
@on_paper
def one_page_pdf() -> Response:
    return _plan_pdf(_ONE_PAGE)


@bp.get("/plan")
@allows(Permission.SEE)
@on_paper
def full_plan() -> str:
    return _plan_page(_FULL)


@bp.get("/plan.pdf")
@allows(Permission.SEE)
@on_paper
def full_plan_pdf() -> Response:
    return _plan_pdf(_FULL)


# -- the assessment


def _results() -> Results | None:
    """Returns the round that the address asks for, else the last one with results; None if there is none."""
    asked = asked_id(request.args.get("round"))
    closed = [each for each in assessment.closed_rounds(g.membership) if each.respondents]
    chosen = next((each for each in closed if each.id == asked), None)
    if asked is None:
        chosen = assessment.leading(closed)
    if chosen is None:
        if asked is not None:
            abort(404)
        return None
    round_ = assessment.round_of(g.membership, chosen.id)
    return Results.newest(round_, content()) if round_ is not None else None


def _wants_statements() -> bool:
    return may(g.membership.role, Permission.SEE_ALL) and request.args.get("detail") != "areas"


@bp.get("/assessment")
@allows(Permission.SEE)
@on_paper
def assessment_page() -> str:
    shown = _results()
    if shown is None:
        return render_template("reports/papers/no_round.html")
    statements = _wants_statements()
    paper = assessment_report(g.coalition, shown, _today(), indicators=statements)
    detail: dict[str, Any] = (
        {} if statements or not may(g.membership.role, Permission.SEE_ALL) else {"detail": "areas"}
    )
    here: dict[str, Any] = {"round": shown.round.id}
    shows = []
    if may(g.membership.role, Permission.SEE_ALL):
        shows = [
            Choice(_("With the main findings"), url_for(".assessment_page", **here), statements),
            Choice(
                _("Focus areas only"), url_for(".assessment_page", **here, detail="areas"), not statements
            ),
        ]
    closed = [each for each in assessment.closed_rounds(g.membership) if each.respondents]
    choices = [
        Choice(each.title, url_for(".assessment_page", round=each.id, **detail), each.id == shown.round.id)
        for each in closed
    ]
    pdf = url_for(".assessment_pdf", **here, **detail)
    file = Choice(_("Download as CSV"), url_for("assessment.results_file", round_id=shown.round.id), False)
    return _page(paper, pdf, shows=shows, choices=choices if len(choices) > 1 else [], files=[file])


@bp.get("/assessment.pdf")
@allows(Permission.SEE)
@on_paper
def assessment_pdf() -> Response:
    shown = _results() or abort(404)
    return pdf_answer(assessment_report(g.coalition, shown, _today(), indicators=_wants_statements()))


# -- the coalition about itself


@bp.get("/charter")
@allows(Permission.SEE)
@on_paper
def charter() -> str:
    return _page(charter_paper(g.membership, _today()), url_for(".charter_pdf"))


@bp.get("/charter.pdf")
@allows(Permission.SEE)
@on_paper
def charter_pdf() -> Response:
    return pdf_answer(charter_paper(g.membership, _today()))


# -- guides


@bp.get("/guide")
@allows(Permission.SEE)
@on_paper
def guide() -> str:
    """Shows the guide for coordinators. Members may read it, too, because coordinating is not secret."""
    return _page(guide_paper(g.coalition, "coordinator", _today()), url_for(".guide_pdf"))


@bp.get("/guide.pdf")
@allows(Permission.SEE)
@on_paper
def guide_pdf() -> Response:
    return pdf_answer(guide_paper(g.coalition, "coordinator", _today()))


@bp.get("/card")
@allows(Permission.SEE)
@on_paper
def card() -> str:
    return _page(guide_paper(g.coalition, "member", _today()), url_for(".card_pdf"))


@bp.get("/card.pdf")
@allows(Permission.SEE)
@on_paper
def card_pdf() -> Response:
    return pdf_answer(guide_paper(g.coalition, "member", _today()))


# -- partners


@bp.get("/partners")
@allows(Permission.SEE)
@on_paper
def partners() -> str:
    url = url_for("partners.organization", organization_id=1).replace("/1/", "/{}/")
    paper = partners_report(g.membership, g.coalition, _today(), url)
    files = []
    if may(g.membership.role, Permission.EXPORT):
        files = [Choice(_("Download as CSV"), url_for("partners.organizations_file"), False)]
    return _page(paper, url_for(".partners_pdf"), files=files)


@bp.get("/partners.pdf")
@allows(Permission.SEE)
@on_paper
def partners_pdf() -> Response:
    return pdf_answer(partners_report(g.membership, g.coalition, _today()))
