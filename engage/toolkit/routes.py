"""Serves Learn: the focus areas explained, and the reading list with its sections; `notes.routes` serves notes."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms.fields.choices import SelectChoice

import engage.toolkit.notes.routes
import engage.toolkit.trash
from engage import clock
from engage.coalitions.permissions import Permission, allows, may
from engage.coalitions.queries import people_choices
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.content.loader import content
from engage.errors import StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.toolkit import bp, labels, note_queries, pages, queries, service
from engage.toolkit.forms import SectionForm
from engage.toolkit.pages import known_area, known_section
from engage.toolkit.queries import ReaderLine, SectionLine
from engage.web.access import button
from engage.web.differences import Difference, differences
from engage.web.htmx import fragments, wants_fragment
from engage.web.lists import Choice

__all__ = ["bp", "engage"]


@bp.get("/")
@allows(Permission.SEE)
def index() -> str:
    sees = may(g.membership.role, Permission.SEE_ALL)
    counts = note_queries.note_counts(g.membership)
    today = clock.today(g.coalition.time_zone)
    every = queries.sections_of(g.membership)
    wanted = request.args.get("show", "") if sees else ""
    kinds = _kinds(every)
    listed = kinds[wanted][1] if wanted in kinds else every
    return render_template(
        "toolkit/learn/index.html",
        areas=content().areas,
        counts=counts,
        has_read=queries.has_read(g.membership),
        sections=listed,
        pills=[
            Choice(label, url_for(".index", show=key or None), key == wanted, len(rows))
            for key, (label, rows) in kinds.items()
        ],
        marks=_marks() if sees else [],
        today=today,
    )


def _kinds(every: list[SectionLine]) -> dict[str, tuple[str, list[SectionLine]]]:
    """Returns the filters of the reading list, each with its name and its sections."""
    mine = [each for each in every if each.is_read_by(g.membership.id)]
    return {
        "": (_("All"), every),
        "mine": (_("My reading"), mine),
        "open": (_("No readers yet"), [each for each in every if not each.readers]),
    }


def _marks() -> list[Choice]:
    """Returns the marks, each with the number of shared notes that have it and a link to their list."""
    shared = note_queries.shared_by_mark(g.membership)
    return [
        Choice(str(label), url_for(".notes", mark=mark.value), False, shared.get(mark, 0))
        for mark, label in labels.MARKS_LABELS.items()
    ]


@bp.get("/trafficking")
@allows(Permission.SEE)
def trafficking() -> str:
    """Shows what human trafficking is, on which all other pages build."""
    return render_template("toolkit/learn/trafficking.html")


# -- the area pages


@bp.get("/areas/")
@allows(Permission.SEE)
def areas() -> str:
    return render_template(
        "toolkit/learn/areas.html",
        areas=content().areas,
        counts=note_queries.note_counts(g.membership),
        **_read_state(),
    )


@bp.post("/areas/read")
@allows(Permission.WORK)
@button
def read_areas() -> Response:
    """Records that the person has read these pages."""
    service.mark_areas_read(g.membership)
    db.session.commit()
    return _ticked(_("Saved: you have read these pages."))


@bp.post("/areas/unread")
@allows(Permission.WORK)
@button
def unread_areas() -> Response:
    service.mark_areas_unread(g.membership)
    db.session.commit()
    return _ticked(_("Saved: no longer marked as read."))


@bp.get("/areas/<key>")
@allows(Permission.SEE)
def area(key: str) -> str:
    return pages.area_page(known_area(key))


def _read_state() -> dict[str, object]:
    return {
        "has_read": queries.has_read(g.membership),
        "readers": queries.readers_of_areas(g.membership),
    }


def _ticked(text: str) -> Response:
    if wants_fragment():
        return fragments(("toolkit/learn/_areas_read.html", _read_state()), ("_status.html", {"text": text}))
    flash(text)
    return redirect(url_for(".areas", _anchor="toolkit-areas-read"), 303)


# -- the sections of the reading list


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
