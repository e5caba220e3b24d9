"""Serves the coalition's trash: its page, restoring, deleting for good."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash import notice, pages, queries, restoring, service
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.trash.forms import RestoreForm
from engage.coalitions.trash.kinds import NeedsPlace, kind_of
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.snapshots import Snapshot

bp.add_app_template_global(notice.undo_notices)
bp.add_app_template_global(notice.leading_notices)


@bp.get("/settings/trash")
@allows(Permission.WORK)
def trash() -> str:
    shown = pages.page_of(g.membership, request.args.get("page", ""))
    return render_template("coalitions/trash/trash.html", shown=shown)


def _copy_or_404(copy_id: int) -> Snapshot:
    copy = queries.copy_for(g.membership, copy_id) or abort(404)
    if copy.ended_at is not None:
        raise WrongState(restoring.ended_words(copy))
    return copy


@bp.get("/settings/trash/<id:copy_id>/restore")
@allows(Permission.WORK)
def restore(copy_id: int) -> str:
    copy = _copy_or_404(copy_id)
    return _restore_page(copy, _restore_form(copy))


@bp.post("/settings/trash/<id:copy_id>/restore")
@allows(Permission.WORK)
def confirm_restore(copy_id: int) -> Response | tuple[str, int]:
    copy = _copy_or_404(copy_id)
    form = _restore_form(copy)
    if form.validate_on_submit():
        try:
            restored = restoring.restore(g.membership, copy, form.chosen)
            db.session.commit()
            flash(pages.restored_words(restored))
            return redirect(restored.kind.address(restored.row), 303)
        except NeedsPlace:
            db.session.rollback()
            form.refuse_place()
    return _restore_page(copy, form), 422


def _restore_form(copy: Snapshot) -> RestoreForm:
    form, places = RestoreForm(), kind_of(copy.thing).places
    form.ask(places(g.membership, copy) if places is not None else None)
    return form


def _restore_page(copy: Snapshot, form: RestoreForm) -> str:
    return render_template("coalitions/trash/restore.html", form=form, title=pages.title_of(copy))


@asks_to_delete(bp, "/settings/trash/<id:copy_id>/delete", Permission.EDIT_SETTINGS)
def delete_for_good(copy_id: int) -> Deletion:
    copy = _copy_or_404(copy_id)

    def delete() -> tuple[str, None]:
        service.delete_for_good(g.membership, copy)
        return _("It is deleted for good."), None

    return Deletion(
        title=_("Delete this for good?"),
        what=pages.title_of(copy),
        along=None,
        back=url_for(".trash"),
        delete=delete,
    )
