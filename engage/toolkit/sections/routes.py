"""Serves the reading list: a section's page, who reads it and by when, the coalition's own sections."""

from flask import abort, flash, g, redirect, render_template, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

from engage import clock
from engage.coalitions.permissions import Permission, allows
from engage.coalitions.queries import people_choices
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.toolkit import pages, queries, service
from engage.toolkit.blueprint import bp
from engage.toolkit.forms import SectionForm
from engage.toolkit.queries import ReaderLine, SectionLine
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.htmx import fragments, wants_fragment


def known_section(key: str) -> SectionLine:
    """Returns a section of the coalition's list; answers "not found" for any other."""
    return queries.section_of(g.membership, key) or abort(404)


@bp.get("/sections/<key>")
@allows(Permission.SEE_ALL)
def section(key: str) -> str:
    return pages.section_page(known_section(key))


# -- who reads a section


@bp.post("/sections/<key>/take")
@allows(Permission.WORK)
@button
def take(key: str) -> Response:
    """Records that this person will read the section."""
    line = known_section(key)
    service.take(g.membership, service.section_for(g.membership, line))
    db.session.commit()
    return _said(key, _("You are now one of its readers. Thank you."))


@bp.post("/sections/<key>/readers/<id:reader_id>/read")
@allows(Permission.WORK)
@button
def mark_read(key: str, reader_id: int) -> Response:
    return _tick(key, reader_id, is_read=True)


@bp.post("/sections/<key>/readers/<id:reader_id>/unread")
@allows(Permission.WORK)
@button
def mark_unread(key: str, reader_id: int) -> Response:
    return _tick(key, reader_id, is_read=False)


def _tick(key: str, reader_id: int, *, is_read: bool) -> Response:
    reader = _reader(known_section(key), reader_id)
    row = queries.section_row(g.membership, key) or abort(404)
    service.set_read(row, reader_id, clock.today(g.coalition.time_zone) if is_read else None)
    db.session.commit()
    if is_read:
        return _said(key, _("Saved: %(name)s has read it.", name=reader.name))
    return _said(key, _("Saved: no longer marked as read."))


def _reader(line: SectionLine, reader_id: int) -> ReaderLine:
    """Returns one of the section's readers whose tick this person may set."""
    found = next((each for each in line.readers if each.id == reader_id), None)
    if found is None or not service.may_tick(g.membership, found):
        abort(404)
    return found


def _said(key: str, text: str) -> Response:
    if wants_fragment():
        context = {**pages.readers(known_section(key))}
        return fragments(("toolkit/learn/_readers.html", context), ("_status.html", {"text": text}))
    flash(text)
    return redirect(url_for(".section", key=key, _anchor="toolkit-readers"), 303)


# -- adding and changing a section


@bp.get("/sections/new")
@allows(Permission.WORK)
def new_section() -> str:
    return _form_page(_form(None), None)


@bp.post("/sections/new")
@allows(Permission.WORK)
def add_section() -> Response | tuple[str, int]:
    form = _form(None, posted=True)
    if form.validate_on_submit():
        made = service.add_section(
            g.membership,
            title=form.title.data or "",
            place=form.place.data or "",
            due_on=form.due_on.data,
            readers=form.reader_ids,
        )
        db.session.commit()
        flash(_("It is on the reading list."))
        return redirect(url_for(".section", key=made.key), 303)
    return _form_page(form, None), 422


@bp.get("/sections/<key>/edit")
@allows(Permission.WORK)
def edit_section(key: str) -> str:
    line = known_section(key)
    return _form_page(_form(line), line)


@bp.post("/sections/<key>/edit")
@allows(Permission.WORK)
def save_section(key: str) -> Response | tuple[str, int]:
    line = known_section(key)
    form = _form(line, posted=True)
    if form.validate_on_submit():
        row = service.section_for(g.membership, line)
        own = {"title": form.title.data or "", "place": form.place.data or ""} if line.is_own else {}
        try:
            service.edit_section(
                g.membership,
                row,
                form.opened_version,
                due_on=form.due_on.data,
                readers=form.reader_ids,
                **own,
            )
            db.session.commit()
            flash(_("Saved."))
            return redirect(url_for(".section", key=key), 303)
        except StaleVersion:
            now = known_section(key)
            return _form_page(form, now, differences(form, _form(now), now.version)), 409
    return _form_page(form, line), 422


def _form(line: SectionLine | None, *, posted: bool = False) -> SectionForm:
    """Returns the form as it was posted, else as the section is now, else empty."""
    readers = line.readers if line is not None else ()
    if posted:
        form = SectionForm()
    elif line is None:
        form = SectionForm(formdata=None)
    else:
        values = {"title": line.name, "place": line.place, "readers": [str(each.id) for each in readers]}
        form = SectionForm(formdata=None, **values, due_on=line.due_on, version=str(line.version))
    people = people_choices(g.membership, *(each.id for each in readers))
    form.readers.choices = [SelectChoice(str(key), name) for key, name in people]
    if line is not None and not line.is_own:
        del form.title, form.place
    return form


def _form_page(form: SectionForm, line: SectionLine | None, found: list[Difference] | None = None) -> str:
    return render_template("toolkit/sections/section_form.html", form=form, section=line, differences=found)


@asks_to_delete(bp, "/sections/<key>/remove", Permission.WORK)
def remove_section(key: str) -> Deletion:
    line = known_section(key)
    if not service.may_remove(g.membership, line):
        abort(404)
    return Deletion(
        page="toolkit/delete.html",
        title=_("Remove this section from the list?"),
        what=line.name,
        back=url_for(".section", key=line.key),
        delete=lambda: (
            _("“%(title)s” is in the trash.", title=line.name),
            service.remove_section(g.membership, service.section_for(g.membership, line)),
        ),
        then=url_for(".index", _anchor="toolkit-sections"),
    )
