"""Serves the funder report: its page and its files."""

from flask import Response, g, render_template, request, url_for

from engage.coalitions.permissions import Permission, allows
from engage.i18n import gettext as _
from engage.reports import bp
from engage.reports.funder.pages import page as page_of
from engage.reports.funder.routes.shared import asked_here, paper_of, today, workbook
from engage.web.lists import Choice
from engage.web.paper.answers import pdf_answer
from engage.web.papers import on_paper


@bp.get("/funder")
@allows(Permission.SEE)
@on_paper
def funder() -> str:
    asked = asked_here()
    parts, has_order = page_of.parts_asked(g.membership, asked.layout)
    opens = request.args.get("open") == "all"
    return render_template(
        "reports/funder/funder.html",
        paper=paper_of(asked, parts),
        asked=asked,
        around=page_of.around(g.membership, asked, today(), has_order=has_order),
        pdf=url_for(".funder_pdf", **asked.args()),
        files=[Choice(_("Download as XLSX"), url_for(".funder_xlsx", **asked.args()), False)],
        folds=True,
        opens=opens,
        fold_url=url_for(".funder", **asked.args(open=None if opens else "all")),
    )


@bp.get("/funder.pdf")
@allows(Permission.SEE)
@on_paper
def funder_pdf() -> Response:
    asked = asked_here()
    return pdf_answer(paper_of(asked, page_of.parts_asked(g.membership, asked.layout)[0]))


@bp.get("/funder.xlsx")
@allows(Permission.SEE)
@on_paper
def funder_xlsx() -> Response:
    asked = asked_here()
    paper = paper_of(asked, page_of.parts_asked(g.membership, asked.layout)[0])
    return workbook(paper, asked.period.since, asked.period.until)
