"""Serves the list of imports, and the page and the button that undo one."""

from flask import abort, g, render_template, request, url_for

from engage.coalitions import bp
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.coalitions.undo_imports import pages, queries, service
from engage.errors import WrongState
from engage.i18n import gettext as _


@bp.get("/settings/imports/")
@allows(Permission.IMPORT)
def imports() -> str:
    shown = pages.page_of(g.membership, request.args.get("page", ""))
    return render_template("coalitions/undo_imports/imports.html", shown=shown)


@asks_to_delete(bp, "/settings/imports/<id:copy_id>/undo", Permission.IMPORT)
def undo_import(copy_id: int) -> Deletion:
    copy = queries.import_of(g.membership.coalition_id, copy_id) or abort(404)
    if copy.ended_at is not None:
        raise WrongState(service.undone_words())

    def undo() -> tuple[str, None]:
        return pages.undone_words(service.undo(g.membership, copy)), None

    return Deletion(
        title=_("Undo this import?"),
        back=url_for(".imports"),
        delete=undo,
        page="coalitions/undo_imports/undo_import.html",
        about={"step": pages.undo_page(service.look(copy))},
    )
