"""Serves the templates of documents: the list, one of them filled in, and its PDF."""

from flask import abort, g, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.content.loader import content
from engage.content.model import DocumentTemplate
from engage.documents import bp
from engage.documents.templates import pages
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.partners.models import Organization
from engage.partners.queries import organization_choices
from engage.web.answers import problem
from engage.web.csv_files import download, file_name
from engage.web.lists import Option
from engage.web.paper.pdf import PDF, PdfFailed, pdf_of
from engage.web.papers import on_paper


@bp.get("/templates/")
@allows(Permission.SEE)
def templates() -> str:
    return render_template("documents/templates/templates.html", templates=content().document_templates)


@bp.get("/templates/<key>")
@allows(Permission.SEE)
def template(key: str) -> str:
    this, partner = _known(key), _partner()
    paper = pages.template_paper(g.membership, this, partner, clock.today(g.coalition.time_zone))
    chosen = partner.id if partner else 0
    choices = (
        [(0, _("Leave the partner blank")), *organization_choices(g.membership)]
        if this.is_for_partner
        else []
    )
    return render_template(
        "documents/templates/template.html",
        template=this,
        paper=paper,
        text=pages.text_of(paper),
        pdf=url_for(".template_pdf", key=key, partner=chosen or None),
        partners=[Option(str(value or ""), label, value == chosen) for value, label in choices],
    )


@bp.get("/templates/<key>.pdf")
@allows(Permission.SEE)
@on_paper
def template_pdf(key: str) -> Response:
    today = clock.today(g.coalition.time_zone)
    paper = pages.template_paper(g.membership, _known(key), _partner(), today)
    name = file_name(f"{paper.coalition} {paper.title}", "pdf")
    if request.method == "HEAD":
        return download(b"", PDF, name)
    db.session.rollback()  # ends the transaction, because making the PDF takes a moment
    try:
        return download(pdf_of(paper), PDF, name)
    except PdfFailed:
        words = _("Nothing is lost. Copy the text from its page, or try again in a minute.")
        return problem(503, _("The PDF could not be made"), words)


def _known(key: str) -> DocumentTemplate:
    try:
        return content().document_template(key)
    except KeyError:
        abort(404)


def _partner() -> Organization | None:
    """Returns the partner that the query string names; None if there is no such partner."""
    return pages.partner_of(g.membership, whole_number(request.args.get("partner", ""), least=1))
