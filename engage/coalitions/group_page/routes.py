"""Serves a group's page, and deleting the group from there."""

from flask import g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions.blueprint import bp
from engage.coalitions.group_asks.words import ask_answered_words
from engage.coalitions.group_page import pages
from engage.coalitions.groups import service
from engage.coalitions.groups.routes import group_or_404
from engage.coalitions.models import Group
from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice
from engage.extensions import db
from engage.frame.access import allows
from engage.web.forms import ConfirmForm


@bp.get("/people/groups/<id:group_id>")
@allows(Permission.SEE_ALL)
def group(group_id: int) -> str:
    return _group(group_or_404(group_id))


@bp.post("/people/groups/<id:group_id>/delete")
@allows(Permission.MANAGE_PEOPLE)
def delete_group(group_id: int) -> Response | tuple[str, int]:
    this_group = group_or_404(group_id)
    if ConfirmForm().validate_on_submit():
        name = this_group.name
        copy = service.delete(this_group, g.membership)
        db.session.commit()
        notice.say(_("“%(name)s” is in the trash. Its people stay.", name=name), copy)
        return redirect(url_for(".groups"), 303)
    return _group(this_group), 422


def _group(this_group: Group) -> str:
    room = pages.room_of(g.membership, this_group)
    return render_template(
        "coalitions/groups/group.html",
        group=this_group,
        room=room,
        may_ask=pages.may_ask(g.membership, this_group, room),
        answered=ask_answered_words,
        confirm=ConfirmForm(formdata=None),
    )
