"""Serves requests to join a group: asking, withdrawing, and the answer of its lead or a coordinator."""

from flask import flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp
from engage.coalitions import queries as coalitions_queries
from engage.coalitions.models import Group
from engage.coalitions.permissions import Permission, allows
from engage.directory.groups.asks import queries, service
from engage.directory.groups.asks.forms import AskForm, DeclineForm
from engage.directory.groups.asks.models import GroupAsk
from engage.directory.groups.routes import group_itself, group_or_404
from engage.errors import WrongState
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button


@bp.get("/people/groups/<id:group_id>/ask")
@allows(Permission.WORK)
def ask_group(group_id: int) -> str:
    return _ask_page(group_or_404(group_id), AskForm(formdata=None))


@bp.post("/people/groups/<id:group_id>/ask")
@allows(Permission.WORK)
def send_ask(group_id: int) -> Response | tuple[str, int]:
    this_group, form = group_or_404(group_id), AskForm()
    if form.validate_on_submit():
        service.ask(g.membership, this_group, form.why.data or "")
        db.session.commit()
        flash(_("You asked to join. The answer will be on this page and in My tasks."))
        return _to(this_group)
    return _ask_page(this_group, form), 422


@bp.post("/people/groups/<id:group_id>/ask/remove")
@allows(Permission.WORK)
@button
def remove_ask(group_id: int) -> Response:
    this_group = group_or_404(group_id)
    service.withdraw(g.membership, this_group)
    db.session.commit()
    return _to(this_group)


@bp.post("/people/groups/<id:group_id>/asks/<id:ask_id>/welcome")
@allows(Permission.RUN_GROUP, group_of=group_itself)
@button
def welcome_ask(group_id: int, ask_id: int) -> Response:
    this_group, row = _ask_or_404(group_id, ask_id)
    service.welcome(g.membership, this_group, row)
    db.session.commit()
    flash(_("%(name)s is in the group now.", name=_name(row)))
    return _to(this_group)


@bp.get("/people/groups/<id:group_id>/asks/<id:ask_id>/decline")
@allows(Permission.RUN_GROUP, group_of=group_itself)
def decline_ask(group_id: int, ask_id: int) -> str:
    this_group, row = _ask_or_404(group_id, ask_id)
    return _decline_page(this_group, row, DeclineForm(formdata=None))


@bp.post("/people/groups/<id:group_id>/asks/<id:ask_id>/decline")
@allows(Permission.RUN_GROUP, group_of=group_itself)
def confirm_decline_ask(group_id: int, ask_id: int) -> Response | tuple[str, int]:
    this_group, row = _ask_or_404(group_id, ask_id)
    form = DeclineForm()
    if form.validate_on_submit():
        service.decline(row, form.answer.data or "")
        db.session.commit()
        flash(_("%(name)s will read your answer in My tasks.", name=_name(row)))
        return _to(this_group)
    return _decline_page(this_group, row, form), 422


def _ask_or_404(group_id: int, ask_id: int) -> tuple[Group, GroupAsk]:
    this_group = group_or_404(group_id)
    row = queries.waiting_ask(g.membership, group_id, ask_id)
    if row is None:
        raise WrongState(_("This request is no longer waiting: someone answered it, or it was withdrawn."))
    return this_group, row


def _name(row: GroupAsk) -> str:
    person = coalitions_queries.person_of(g.membership, row.membership_id)
    return person.name if person is not None else ""


def _to(this_group: Group) -> Response:
    return redirect(url_for("coalitions.group", group_id=this_group.id), 303)


def _ask_page(this_group: Group, form: AskForm) -> str:
    return render_template("directory/groups/ask.html", group=this_group, form=form)


def _decline_page(this_group: Group, row: GroupAsk, form: DeclineForm) -> str:
    return render_template(
        "directory/groups/decline.html", group=this_group, form=form, name=_name(row), why=row.why
    )
