"""Serves the core team and workgroups: the list, a group's page, its form, and what each person does in it."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response

from engage.coalitions import bp, queries
from engage.coalitions.labels import GROUP_LABELS
from engage.coalitions.models import Group, GroupMember, Membership
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.rules import GroupKind
from engage.coalitions.trash import notice
from engage.coalitions.trash.lookups import gone
from engage.directory.groups import pages, service
from engage.directory.groups import queries as groups_queries
from engage.directory.groups.forms import GroupForm, GroupTitleForm
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.web.access import button
from engage.web.differences import Difference, differences


@bp.get("/people/groups/")
@allows(Permission.SEE_ALL)
def groups() -> str:
    rows = queries.group_rows(g.membership)
    return render_template("directory/groups/groups.html", groups=rows, words=GROUP_LABELS)


@bp.get("/people/groups/new")
@allows(Permission.MANAGE_PEOPLE)
def new_group() -> str:
    form = GroupForm(formdata=None)
    _offer(form)
    return _edit(None, form)


@bp.post("/people/groups/new")
@allows(Permission.MANAGE_PEOPLE)
def create_group() -> Response | tuple[str, int]:
    form = GroupForm()
    _offer(form)
    if form.validate_on_submit():
        try:
            this_group = service.create(g.membership, _content(form))
            db.session.commit()
            return redirect(url_for(".group", group_id=this_group.id), 303)
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
    return _edit(None, form), 422


@bp.get("/people/groups/<id:group_id>/edit")
@allows(Permission.MANAGE_PEOPLE)
def edit_group(group_id: int) -> str:
    this_group = group_or_404(group_id)
    return _edit(this_group, _filled(this_group))


@bp.post("/people/groups/<id:group_id>/edit")
@allows(Permission.MANAGE_PEOPLE)
def save_group(group_id: int) -> Response | tuple[str, int]:
    this_group = group_or_404(group_id)
    form, differing, status = GroupForm(), None, 422
    _offer(form)
    if form.validate_on_submit():
        try:
            service.change(this_group, form.opened_version, _content(form), g.membership)
            db.session.commit()
            flash(_("The group is saved."))
            return redirect(url_for(".group", group_id=this_group.id), 303)
        except StaleVersion:
            differing, status = differences(form, _filled(this_group), this_group.version), 409
        except FieldRefused as error:
            db.session.rollback()
            form.refuse(error.field, error.message)
    return _edit(this_group, form, differing), status


# -- a group's page


@bp.get("/people/groups/<id:group_id>")
@allows(Permission.SEE_ALL)
def group(group_id: int) -> str:
    return _group(group_or_404(group_id))


@bp.post("/people/groups/<id:group_id>/delete")
@allows(Permission.MANAGE_PEOPLE)
@button
def delete_group(group_id: int) -> Response:
    this_group = group_or_404(group_id)
    name = this_group.name
    copy = service.delete(this_group, g.membership)
    db.session.commit()
    notice.say(_("“%(name)s” is in the trash. Its people stay.", name=name), copy)
    return redirect(url_for(".groups"), 303)


def _group(this_group: Group) -> str:
    group_page = pages.group_page_of(g.membership, this_group)
    return render_template(
        "directory/groups/group.html",
        group=this_group,
        group_page=group_page,
        may_ask=pages.may_ask(g.membership, this_group, group_page),
        answered=pages.ask_answered_words,
    )


# -- the titles of members


def group_itself(_membership: Membership, group_id: int, **_more: int) -> int:
    """Returns the group that the URL names. The decorator `allows` uses it to recognize the group's lead."""
    return group_id


@bp.get("/people/groups/<id:group_id>/people/<id:person_id>")
@allows(Permission.RUN_GROUP, group_of=group_itself)
def edit_group_title(group_id: int, person_id: int) -> str:
    this_group, place = _place_or_404(group_id, person_id)
    return _title_page(this_group, place, GroupTitleForm(formdata=None, obj=place))


@bp.post("/people/groups/<id:group_id>/people/<id:person_id>")
@allows(Permission.RUN_GROUP, group_of=group_itself)
def save_group_title(group_id: int, person_id: int) -> Response | tuple[str, int]:
    this_group, place = _place_or_404(group_id, person_id)
    form = GroupTitleForm()
    if form.validate_on_submit():
        service.set_title(g.membership, this_group, place, form.title.data or "")
        db.session.commit()
        return redirect(url_for(".group", group_id=group_id, _anchor="coalitions-members"), 303)
    return _title_page(this_group, place, form), 422


def _place_or_404(group_id: int, person_id: int) -> tuple[Group, GroupMember]:
    this_group = group_or_404(group_id)
    return this_group, groups_queries.place_in(this_group, person_id) or abort(404)


def _title_page(this_group: Group, place: GroupMember, form: GroupTitleForm) -> str:
    person = queries.person_of(g.membership, place.membership_id)
    return render_template("directory/groups/title.html", group=this_group, person=person, form=form)


# -- shared by these views


def group_or_404(group_id: int) -> Group:
    """Returns the coalition's group."""
    return queries.group_of(g.membership, group_id) or gone(service.TABLE, group_id)


def _offer(form: GroupForm) -> None:
    form.offer(queries.people_choices(g.membership))


def _content(form: GroupForm) -> service.GroupContent:
    return service.GroupContent(
        kind=GroupKind(form.kind.data),
        name=form.name.data or "",
        purpose=form.purpose.data or "",
        lead_id=form.lead.row_id,
        member_ids=frozenset(int(key) for key in form.members.data or []),
        review_on=form.review_on.data,
        is_open=form.is_open.data,
        optional_texts=form.optional_texts,
    )


def _filled(this_group: Group) -> GroupForm:
    members = [str(person.id) for person in groups_queries.members_of(this_group)]
    form = GroupForm(formdata=None, obj=this_group, lead=this_group.lead_id or 0, members=members)
    _offer(form)
    return form


def _edit(this_group: Group | None, form: GroupForm, differing: list[Difference] | None = None) -> str:
    return render_template(
        "directory/groups/edit_group.html",
        group=this_group,
        form=form,
        differences=differing,
    )
