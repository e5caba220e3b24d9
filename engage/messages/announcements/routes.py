"""Serves announcements: reading them, and for coordinators posting, changing and deleting."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.groups import service as groups_service
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.messages.announcements import queries, service
from engage.messages.announcements.forms import AnnouncementForm
from engage.messages.announcements.models import Announcement
from engage.messages.announcements.rules import USUAL
from engage.web.blueprints import coalition_blueprint
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm

bp = coalition_blueprint("announcements", __name__, "announcements")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return _list()


@bp.get("/new")
@allows(Permission.ANNOUNCE)
def new() -> str:
    """Shows the form; `?group=3` chooses the audience."""
    form = _form()
    asked = request.args.get("group", "")
    if asked in {str(choice.value) for choice in form.group.choices}:
        form.group.data = int(asked)
    return _edit(None, form)


@bp.post("/new")
@allows(Permission.ANNOUNCE)
def create() -> Response | tuple[str, int]:
    form = _form(typed=True)
    if form.validate_on_submit():
        made = service.post(g.membership, _content(form))
        db.session.commit()
        flash(_("“%(title)s” is posted. It is on Home now.", title=made.title))
        return redirect(url_for(".index", _anchor=f"announcements-{made.id}"), 303)
    return _edit(None, form), 422


@bp.get("/<id:announcement_id>/edit")
@allows(Permission.ANNOUNCE)
def edit(announcement_id: int) -> str:
    announcement = _found(announcement_id)
    return _edit(announcement, _form(announcement))


@bp.post("/<id:announcement_id>/edit")
@allows(Permission.ANNOUNCE)
def save(announcement_id: int) -> Response | tuple[str, int]:
    announcement = _found(announcement_id)
    form, differing, status = _form(typed=True), None, 422
    if form.validate_on_submit():
        try:
            service.change(announcement, form.opened_version, _content(form), g.membership)
            db.session.commit()
            flash(_("The announcement is saved."))
            return redirect(url_for(".index", _anchor=f"announcements-{announcement_id}"), 303)
        except StaleVersion:
            differing, status = differences(form, _form(announcement), announcement.version), 409
    return _edit(announcement, form, differing), status


@bp.post("/<id:announcement_id>/delete")
@allows(Permission.ANNOUNCE)
def delete(announcement_id: int) -> Response | tuple[str, int]:
    announcement = _found(announcement_id)
    if ConfirmForm().validate_on_submit():
        title = announcement.title
        copy = service.delete(announcement, g.membership)
        db.session.commit()
        notice.say(_("“%(title)s” is in the trash.", title=title), copy)
        return redirect(url_for(".index"), 303)
    return _list(), 422


def _found(announcement_id: int) -> Announcement:
    return queries.announcement_of(g.membership, announcement_id) or gone(service.TABLE, announcement_id)


def _form(announcement: Announcement | None = None, *, typed: bool = False) -> AnnouncementForm:
    today = clock.today(g.coalition.time_zone)
    if typed:
        form = AnnouncementForm()
    elif announcement is None:
        form = AnnouncementForm(formdata=None, until_on=today + USUAL)
    else:
        form = AnnouncementForm(formdata=None, obj=announcement, group=announcement.group_id)
    form.offer([(row.id, row.name) for row in groups_service.group_rows(g.membership)], today)
    return form


def _content(form: AnnouncementForm) -> service.Content:
    assert form.until_on.data is not None
    return service.Content(
        title=form.title.data or "",
        text=form.text.data or "",
        until_on=form.until_on.data,
        group_id=form.group.row_id,
        is_public=form.is_public.data,
    )


def _list() -> str:
    today = clock.today(g.coalition.time_zone)
    return render_template(
        "messages/announcements/announcements.html",
        standing=queries.standing(g.membership, today),
        over=queries.over(g.membership, today),
        confirm=ConfirmForm(formdata=None),
    )


def _edit(
    announcement: Announcement | None,
    form: AnnouncementForm,
    differing: list[Difference] | None = None,
) -> str:
    return render_template(
        "messages/announcements/edit.html",
        announcement=announcement,
        form=form,
        differences=differing,
    )
