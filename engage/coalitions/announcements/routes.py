"""Serves announcements: reading them, and for coordinators posting, changing and deleting."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.announcements import queries, service
from engage.coalitions.announcements.forms import AnnouncementForm
from engage.coalitions.announcements.models import USUAL, Announcement
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import group_rows
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.blueprints import coalition_blueprint
from engage.web.differences import Difference, differences

bp = coalition_blueprint("announcements", __name__, "announcements")


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    return _list()


@bp.get("/new")
@allows(Permission.ANNOUNCE)
def new() -> str:
    """Shows the form; `?group=3` in the address preselects the group."""
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
        made = service.post(g.membership, form.fields())
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
            service.change(announcement, form.opened_version, form.fields(), g.membership)
            db.session.commit()
            flash(_("The announcement is saved."))
            return redirect(url_for(".index", _anchor=f"announcements-{announcement_id}"), 303)
        except StaleVersion:
            differing, status = differences(form, _form(announcement), announcement.version), 409
    return _edit(announcement, form, differing), status


@bp.post("/<id:announcement_id>/delete")
@allows(Permission.ANNOUNCE)
@button
def delete(announcement_id: int) -> Response:
    announcement = _found(announcement_id)
    title = announcement.title
    copy = service.delete(announcement, g.membership)
    db.session.commit()
    notice.say(_("“%(title)s” is in the trash.", title=title), copy)
    return redirect(url_for(".index"), 303)


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
    form.offer([(row.id, row.name) for row in group_rows(g.membership)], today)
    return form


def _list() -> str:
    today = clock.today(g.coalition.time_zone)
    return render_template(
        "coalitions/announcements/announcements.html",
        standing=queries.current(g.membership, today),
        over=queries.over(g.membership, today),
    )


def _edit(
    announcement: Announcement | None,
    form: AnnouncementForm,
    differing: list[Difference] | None = None,
) -> str:
    return render_template(
        "coalitions/announcements/edit.html",
        announcement=announcement,
        form=form,
        differences=differing,
    )
