"""Serves the handover pack: its page, the same as PDF and as zip, and the outgoing coordinator's note."""

from contextlib import suppress
from datetime import date
from zoneinfo import ZoneInfo

from flask import Response, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.errors import StaleVersion
from engage.extensions import db, read_from_here
from engage.i18n import gettext as _
from engage.reports import bp
from engage.reports.handover import files as handover_files
from engage.reports.handover import service
from engage.reports.handover.forms import HandoverNoteForm
from engage.reports.handover.pages import Urls, handover_pack
from engage.reports.handover.queries import Pack
from engage.reports.models import HandoverNote
from engage.web.csv_files import download, file_name
from engage.web.differences import Difference, differences
from engage.web.lists import Choice
from engage.web.paper.answers import pdf_answer
from engage.web.paper.pdf import PdfFailed, pdf_of
from engage.web.papers import on_paper


def _today() -> date:
    return clock.today(g.coalition.time_zone)


def _urls() -> Urls:
    """Returns the addresses, each with {} in place of the number."""

    def open_(endpoint: str) -> str:
        before, _number, after = url_for(endpoint, number=1).rpartition("1")
        return f"{before}{{}}{after}"

    return Urls(open_("plan.action"), open_("partners.agreement"), open_("meetings.decision"))


@bp.get("/handover")
@allows(Permission.EXPORT)
@on_paper
def handover() -> str:
    pack = Pack.of(g.membership, _today())
    return render_template(
        "reports/handover/handover.html",
        paper=handover_pack(pack, g.coalition, _today(), _urls()),
        has_note=pack.note is not None,
        pdf=url_for(".handover_pdf"),
        files=[Choice(_("Download as a zip"), url_for(".handover_zip"), False)],
        shows=[],
        choices=[],
        folds=True,
        opens=request.args.get("open") == "all",
    )


@bp.get("/handover.pdf")
@allows(Permission.EXPORT)
@on_paper
def handover_pdf() -> Response:
    return pdf_answer(handover_pack(Pack.of(g.membership, _today()), g.coalition, _today()))


@bp.get("/handover.zip")
@allows(Permission.EXPORT)
@on_paper
def handover_zip() -> Response:
    """Sends the zip; if the PDF cannot be made, it is left out, since the tables matter most."""
    today, now = _today(), clock.now().astimezone(ZoneInfo(g.coalition.time_zone))
    pack = Pack.of(g.membership, today)
    paper = handover_pack(pack, g.coalition, today)
    files: dict[str, str | bytes] = dict(handover_files.csv_files(handover_files.tables(g.membership, pack)))
    read_from_here()
    with suppress(PdfFailed):  # a file that could not be made is not in the readme
        files = {handover_files.PAGE: pdf_of(paper), **files}
    words = handover_files.readme(g.coalition, pack.note.text if pack.note else "", list(files), now)
    body = handover_files.zipped({handover_files.README: words, **files}, now)
    name = file_name(f"{paper.coalition} {paper.what} {today}", "zip")
    return download(body, handover_files.ZIP, name)


# -- suggested changes


def _note_page(form: HandoverNoteForm, found: list[Difference] | None = None) -> str:
    return render_template("reports/handover/handover_note.html", form=form, differences=found)


def _saved(note: HandoverNote | None) -> HandoverNoteForm:
    if note is None:
        return HandoverNoteForm(formdata=None, data={"version": "0"})
    return HandoverNoteForm(formdata=None, obj=note)


@bp.get("/handover/note")
@allows(Permission.EXPORT)
def edit_note() -> str:
    return _note_page(_saved(service.note_of(g.membership)))


@bp.post("/handover/note")
@allows(Permission.EXPORT)
def save_note() -> BaseResponse | tuple[str, int]:
    form, found, status = HandoverNoteForm(), None, 422
    if form.validate_on_submit():
        try:
            service.save(g.membership, form.opened_version, form.text.data or "")
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for(".handover", _anchor="reports-paper"), 303)
        except StaleVersion:
            note = service.note_of(g.membership)
            assert note is not None
            found, status = differences(form, _saved(note), note.version), 409
    return _note_page(form, found), status
