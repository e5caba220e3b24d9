"""Serves documents: the list, a document's page, adding, changing and deleting, and what each is for."""

from datetime import date

from flask import abort, current_app, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

import engage.documents.links.routes
import engage.documents.templates.routes
from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import group_rows, people_choices
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.documents import bp, labels, pages, queries, service, targets
from engage.documents.forms import ChooseTargetForm, DocumentForm
from engage.documents.models import Document
from engage.documents.rules import Readers, TargetKind
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.numbers import whole_number
from engage.web.access import button
from engage.web.differences import Difference, differences

__all__ = ["bp", "engage"]

bp.add_app_template_global(pages.documents_of)


def _today() -> date:
    return clock.today(g.coalition.time_zone)


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    shown = pages.documents_page(
        pages.DocumentFilters.of(request.args), request.args.get("page", ""), _today()
    )
    return render_template(
        "documents/documents.html",
        shown=shown,
        checks=current_app.config["CHECK_LINKS"],
    )


# -- adding a document


@bp.get("/new")
@allows(Permission.WORK)
def new() -> str:
    return _new(_form(), ChooseTargetForm(formdata=None))


@bp.post("/new")
@allows(Permission.WORK)
def create() -> Response | tuple[str, int]:
    form, target = _form(typed=True), _target()
    if form.validate_on_submit():
        made = service.add(g.membership, form.fields())
        if target is not None:
            service.link_to(made, target.thing, targets.row_id(g.membership, target))
        db.session.commit()
        flash(_("“%(title)s” is added.", title=made.title))
        return redirect(target.url if target else url_for(".document", document_id=made.id), 303)
    return _new(form, ChooseTargetForm(formdata=None)), 422


@bp.post("/choose")
@allows(Permission.WORK)
def choose() -> Response | tuple[str, int]:
    """Links an existing document to the thing that the query string names."""
    form, target = ChooseTargetForm(), _target()
    _offer(form)
    if form.validate_on_submit():
        if target is None:
            abort(404)
        chosen = _found(form.document.row_id or 0)
        service.link_to(chosen, target.thing, targets.row_id(g.membership, target))
        db.session.commit()
        flash(_("“%(title)s” is linked.", title=chosen.title))
        return redirect(target.url, 303)
    return _new(_form(), form), 422


def _target() -> targets.LinkTarget | None:
    """Returns the thing that the query string names; answers 404 if this coalition has no such thing."""
    asked = request.args.get("for", "")
    return (targets.target_of(g.membership, asked) or abort(404)) if asked else None


def _new(form: DocumentForm, choosing: ChooseTargetForm) -> str:
    target = _target()
    if target is not None:
        _offer(choosing)
    return render_template(
        "documents/edit.html",
        document=None,
        form=form,
        target=target,
        choosing=choosing if target and len(choosing.document.choices) > 1 else None,
        differences=None,
    )


def _offer(choosing: ChooseTargetForm) -> None:
    choosing.document.offer([(each.id, each.title) for each in queries.documents(g.membership)])


# -- one document


@bp.get("/<id:document_id>")
@allows(Permission.SEE)
def document(document_id: int) -> str:
    return _document(_found(document_id))


@bp.get("/<id:document_id>/edit")
@allows(Permission.WORK)
def edit(document_id: int) -> str:
    this = _own(document_id)
    return _edit(this, _form(this))


@bp.post("/<id:document_id>/edit")
@allows(Permission.WORK)
def save(document_id: int) -> Response | tuple[str, int]:
    this = _own(document_id)
    form = _form(this, typed=True)
    if form.validate_on_submit():
        try:
            service.change(this, form.opened_version, form.fields(), g.membership)
            db.session.commit()
            flash(_("The document is saved."))
            return redirect(_address_of(document_id), 303)
        except StaleVersion:
            return _edit(this, form, differences(form, _form(this), this.version)), 409
    return _edit(this, form), 422


@bp.post("/<id:document_id>/reviewed")
@allows(Permission.WORK)
@button
def review(document_id: int) -> Response:
    """Records that someone read the document today and found it up to date."""
    this = _found(document_id)
    service.look_at(this, g.membership, _today())
    db.session.commit()
    flash(_("Saved: reviewed today."))
    return redirect(url_for(".document", document_id=document_id), 303)


@bp.post("/<id:document_id>/unlink/<any(agreement, organization, meeting, item, action):thing>/<id:row_id>")
@allows(Permission.WORK)
@button
def unlink(document_id: int, thing: str, row_id: int) -> Response:
    """Removes one of the things that a document is for."""
    this = _found(document_id)
    service.unlink(this, TargetKind(thing), row_id)
    db.session.commit()
    flash(_("Link removed. Both are still on their lists."))
    return redirect(url_for(".document", document_id=document_id), 303)


@bp.post("/<id:document_id>/delete")
@allows(Permission.WORK)
@button
def delete(document_id: int) -> Response:
    this = _own(document_id)
    title = this.title
    copy = service.delete(this, g.membership)
    db.session.commit()
    notice.say(
        _("“%(title)s” is in the trash. The file itself is still where you keep it.", title=title), copy
    )
    return redirect(url_for(".index"), 303)


def _found(document_id: int) -> Document:
    return queries.document_of(g.membership, document_id) or gone(service.TABLE, document_id)


def _own(document_id: int) -> Document:
    """Returns a document that this person may change."""
    this = _found(document_id)
    return this if service.may_edit(g.membership, this) else abort(403)


def _address_of(document_id: int) -> str:
    """Returns the URL of the document, or of the list if the person may no longer see the document."""
    seen = queries.document_of(g.membership, document_id)
    return url_for(".document", document_id=document_id) if seen else url_for(".index")


def _document(this: Document) -> str:
    return render_template(
        "documents/document.html",
        document=this,
        sheet=pages.sheet_of(this),
        thing_words=labels.THING_LABELS,
    )


def _form(this: Document | None = None, *, typed: bool = False) -> DocumentForm:
    if typed:
        form = DocumentForm()
    elif this is None:
        group = whole_number(request.args.get("group", ""), least=1)
        readers, me = Readers.MEMBERS.value, g.membership.id
        form = DocumentForm(formdata=None, data={"readers": readers, "owner": me, "group": group})
    else:
        form = DocumentForm(formdata=None, obj=this, data={"group": this.group_id, "owner": this.owner_id})
    form.group.offer([(row.id, row.name) for row in group_rows(g.membership)])
    form.owner.offer(people_choices(g.membership, this.owner_id if this is not None else None))
    return form


def _edit(this: Document, form: DocumentForm, differing: list[Difference] | None = None) -> str:
    return render_template(
        "documents/edit.html",
        document=this,
        form=form,
        target=None,
        choosing=None,
        differences=differing,
    )
