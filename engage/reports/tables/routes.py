"""Serves live tables to spreadsheets, which do not sign in, and lets coordinators make, keep and revoke their links."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    g,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from werkzeug.wrappers import Response as BaseResponse

from engage import clock
from engage.coalitions.models import Coalition
from engage.coalitions.permissions import Permission, allows
from engage.errors import FieldRefused, WrongState
from engage.extensions import answer_as_to_anybody, db, in_language
from engage.i18n import gettext as _
from engage.i18n import ngettext
from engage.reports import bp
from engage.reports.tables import pages, service
from engage.reports.tables.forms import LinkForm
from engage.reports.tables.models import LiveLink
from engage.reports.tables.pages import LinkLine
from engage.reports.tables.rules import COME_BACK_SECONDS, LiveTable
from engage.web.access import button, public
from engage.web.csv_files import MARK

link_bp = Blueprint("live", __name__, url_prefix="/live")


@bp.get("/tables")
@allows(Permission.PUBLISH)
def live_tables() -> str:
    return _tables_page()


def _tables_page(message: str = "") -> str:
    today = clock.today(g.coalition.time_zone)
    return render_template(
        "reports/tables/tables.html",
        shown=pages.tables_of(g.membership, today),
        is_open=service.is_open(),
        message=message,
    )


@bp.post("/tables/titles")
@allows(Permission.PUBLISH)
@button
def let_titles_through() -> BaseResponse | tuple[str, int]:
    try:
        number = service.let_titles_through(g.membership, request.form.get("seen", ""))
    except WrongState as error:
        return _tables_page(error.message), 409
    db.session.commit()
    flash(
        ngettext(
            "%(num)s title will be in the tables within a minute.",
            "%(num)s titles will be in the tables within a minute.",
            number,
        )
    )
    return redirect(url_for(".live_tables"), 303)


@bp.get("/tables/new")
@allows(Permission.PUBLISH)
def new_live_link() -> str:
    return _new_page(LinkForm(formdata=None))


def _new_page(form: LinkForm) -> str:
    return render_template("reports/tables/new.html", form=form, shown=pages.listing_of(g.membership))


@bp.post("/tables/new")
@allows(Permission.PUBLISH)
def make_live_link() -> BaseResponse | tuple[str, int]:
    form = LinkForm()
    if not form.validate_on_submit():
        return _new_page(form), 422
    try:
        link = service.make(g.membership, str(form.name.data), request.form.get("seen", ""))
    except FieldRefused as error:
        form.refuse(error.field, error.message)
        return _new_page(form), 422
    except WrongState as error:
        form.form_errors.append(error.message)
        return _new_page(form), 409
    db.session.commit()
    flash(_("The link is made. Anyone who has it can read the tables."))
    return redirect(url_for(".live_link", link_id=link.id), 303)


def _link_or_404(link_id: int) -> LiveLink:
    return service.link_of(g.membership, link_id) or abort(404)


@bp.get("/tables/<id:link_id>")
@allows(Permission.PUBLISH)
def live_link(link_id: int) -> str:
    link = _link_or_404(link_id)
    token = service.token_of(link)
    return render_template(
        "reports/tables/link.html",
        shown=LinkLine.of(link, clock.today(g.coalition.time_zone)),
        addresses=pages.addresses(token) if token is not None else [],
        is_open=service.is_open(),
    )


@bp.post("/tables/<id:link_id>/keep")
@allows(Permission.PUBLISH)
@button
def keep_live_link(link_id: int) -> BaseResponse:
    link = _link_or_404(link_id)
    service.keep(g.membership, link)
    db.session.commit()
    flash(_("The link for “%(name)s” is good for another year.", name=link.name))
    return redirect(url_for(".live_tables"), 303)


@bp.post("/tables/<id:link_id>/revoke")
@allows(Permission.PUBLISH)
@button
def revoke_live_link(link_id: int) -> BaseResponse:
    link = _link_or_404(link_id)
    service.revoke(g.membership, link)
    db.session.commit()
    flash(_("The link for “%(name)s” is revoked and no longer works.", name=link.name))
    return redirect(url_for(".live_tables"), 303)


# -- for spreadsheets


@link_bp.get("/<token>/<table>.csv")
@public
def for_sheets(token: str, table: str) -> Response:
    """Sends a table as Google Sheets reads it."""
    return _answer(token, table, "")


@link_bp.get("/<token>/excel/<table>.csv")
@public
def for_excel(token: str, table: str) -> Response:
    """Sends a table with the mark by which Excel knows that it is UTF-8."""
    return _answer(token, table, MARK)


def _answer(token: str, name: str, mark: str) -> Response:
    answer_as_to_anybody()
    table = LiveTable(name) if name in set(LiveTable) else abort(404)
    found = service.opened(token)
    if found is None:
        return _headed(make_response(_("This link does not open anything."), 404))
    service.note_use(found)
    copy = _copy(found.coalition_id, table)
    if copy is None:
        answer = make_response(_("The table is being made. Try again in a moment."), 503)
        answer.headers["Retry-After"] = str(COME_BACK_SECONDS)
        return _headed(answer)
    etag = f"{copy.etag}{'-excel' if mark else ''}"
    if request.if_none_match.contains_weak(etag):
        answer = make_response("", 304)
    else:
        answer = make_response(mark + service.body_of(found.coalition_id, table))
        answer.content_type = "text/csv; charset=utf-8"
        answer.headers["Content-Disposition"] = f"attachment; filename={table.value}.csv"
    # The tag is weak because the answer may be compressed on its way.
    answer.set_etag(etag, weak=True)
    answer.headers["Cache-Control"] = "private, no-cache"
    return _headed(answer)


def _copy(coalition_id: int, table: LiveTable) -> service.Copy | None:
    """Returns the table's fresh copy, computed if need be; None while another request computes the first one."""
    copy = service.copy_of(coalition_id, table)
    if copy is not None:
        return copy
    if not service.claim(coalition_id, table):
        return service.older_copy(coalition_id, table)
    coalition = db.session.get_one(Coalition, coalition_id)
    with in_language(coalition.language):
        body = pages.csv_of(coalition, table)
    return service.put(coalition_id, table, body)


def _headed(answer: Response) -> Response:
    """Tells crawlers to list nothing, and browsers not to say where they come from."""
    if answer.mimetype == "text/html":
        answer.mimetype = "text/plain"
    answer.headers["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    answer.headers["Referrer-Policy"] = "no-referrer"
    return answer
