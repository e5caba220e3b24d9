"""Serves copies of what was sent to a funder."""

from flask import Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from engage.clock import local_day
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.extensions import db
from engage.i18n import gettext as _
from engage.reports import bp
from engage.reports.funder import labels, service
from engage.reports.funder.forms import FunderCopyForm
from engage.reports.funder.models import FunderCopy
from engage.reports.funder.pages import page as page_of
from engage.reports.funder.pages.found import Found
from engage.reports.funder.pages.report import funder_report, with_texts
from engage.reports.funder.queries import texts as texts_queries
from engage.reports.funder.routes.shared import asked_here, texts_of, today, workbook
from engage.web.access import button
from engage.web.lists import Choice
from engage.web.paper.answers import pdf_answer
from engage.web.paper.rules import Paper, unpacked
from engage.web.papers import on_paper


def _copy_page(form: FunderCopyForm) -> str:
    asked = asked_here()
    return render_template(
        "reports/funder/copy_new.html",
        form=form,
        dates=labels.dates(asked.period),
        layout=labels.LAYOUT_LABELS[asked.layout],
        back=url_for(".funder", **asked.args()),
    )


@bp.get("/funder/copies/new")
@allows(Permission.REPORT)
def new_funder_copy() -> str:
    return _copy_page(FunderCopyForm(formdata=None))


@bp.post("/funder/copies/new")
@allows(Permission.REPORT)
def keep_funder_copy() -> BaseResponse | tuple[str, int]:
    """Saves the version to hand out, so that no copy holds small counts."""
    form, asked = FunderCopyForm(), asked_here()
    if not form.validate_on_submit():
        return _copy_page(form), 422
    parts, _has_order = page_of.parts_asked(g.membership, asked.layout)
    found = Found.of(g.membership, asked.period, today(), small=False)
    paper = funder_report(g.membership, g.coalition, found, parts, {})
    texts = {part: text for part, text in texts_of(asked).items() if part in parts}
    copy = service.keep_copy(g.membership, form.title.data or "", asked.period, asked.layout, paper, texts)
    db.session.commit()
    flash(_("“%(title)s” is saved as it is now.", title=copy.title))
    return redirect(url_for(".funder_copy", copy_id=copy.id), 303)


def _copy(copy_id: int) -> FunderCopy:
    return texts_queries.copy_of(g.membership, copy_id) or gone(service.COPIES, copy_id)


def _copied(copy: FunderCopy) -> Paper:
    return with_texts(unpacked(copy.paper), texts_queries.copy_texts(copy))


@bp.get("/funder/copies/<id:copy_id>")
@allows(Permission.SEE_ALL)
def funder_copy(copy_id: int) -> str:
    copy = _copy(copy_id)
    opens = request.args.get("open") == "all"
    day = local_day(copy.made_at, g.coalition.time_zone)
    return render_template(
        "reports/funder/copy.html",
        paper=_copied(copy),
        copy=copy,
        said=page_of.copy_words(day, texts_queries.maker_of(copy)),
        pdf=url_for(".funder_copy_pdf", copy_id=copy.id),
        files=[Choice(_("Download as XLSX"), url_for(".funder_copy_xlsx", copy_id=copy.id), False)],
        choices=[],
        shows=[],
        folds=True,
        opens=opens,
        fold_url=url_for(".funder_copy", copy_id=copy.id, open=None if opens else "all"),
    )


@bp.get("/funder/copies/<id:copy_id>.pdf")
@allows(Permission.SEE_ALL)
@on_paper
def funder_copy_pdf(copy_id: int) -> Response:
    return pdf_answer(_copied(_copy(copy_id)))


@bp.get("/funder/copies/<id:copy_id>.xlsx")
@allows(Permission.SEE_ALL)
def funder_copy_xlsx(copy_id: int) -> Response:
    copy = _copy(copy_id)
    return workbook(_copied(copy), copy.since, copy.until)


@bp.post("/funder/copies/<id:copy_id>/delete")
@allows(Permission.REPORT)
@button
def delete_funder_copy(copy_id: int) -> BaseResponse:
    copy = _copy(copy_id)
    title = copy.title
    kept = service.delete_copy(g.membership, copy)
    db.session.commit()
    notice.say(_("“%(title)s” is in the trash.", title=title), kept)
    return redirect(url_for(".funder"), 303)
