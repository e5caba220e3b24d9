"""Serves notes: writing, sharing and deleting them, the list of all, and what is made from an idea."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission, allows
from engage.coalitions.trash.asking import Deletion, asks_to_delete
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.i18n import gettext as _
from engage.plan.actions import service as actions_service
from engage.toolkit import bp, labels, note_queries, pages, service
from engage.toolkit.forms import PRIVATE, SHARED, BecomeForm, DecideForm, NoteForm, NoteReplyForm
from engage.toolkit.models import Note
from engage.toolkit.note_queries import NoteFilters
from engage.toolkit.notes import pages as notes_pages
from engage.toolkit.pages import known_area, known_section
from engage.toolkit.rules import IdeaStanding, details_of, title_of
from engage.web.access import button
from engage.web.answers import problem
from engage.web.differences import Difference, differences
from engage.web.forms import chosen
from engage.web.lists import page_asked

# -- writing a note


@bp.post("/areas/<key>/notes")
@allows(Permission.WORK)
def add_area_note(key: str) -> Response | tuple[str, int]:
    area = known_area(key)
    form = NoteForm()
    if form.validate_on_submit():
        note = service.write_note(g.membership, form.words, area=key)
        db.session.commit()
        flash(_("Your note is saved."))
        return redirect(labels.place_url(key, "", note.id), 303)
    return pages.area_page(area, form), 422


@bp.post("/sections/<key>/notes")
@allows(Permission.WORK)
def add_section_note(key: str) -> Response | tuple[str, int]:
    line = known_section(key)
    form = NoteForm()
    if form.validate_on_submit():
        section = service.section_for(g.membership, line)
        note = service.write_note(g.membership, form.words, section=section)
        db.session.commit()
        flash(_("Your note is saved."))
        return redirect(labels.place_url("", key, note.id), 303)
    return pages.section_page(line, form), 422


# -- all notes


@bp.get("/notes/")
@allows(Permission.SEE_ALL)
def notes() -> str:
    filters = NoteFilters.of(request.args)
    found = note_queries.notes_page(g.membership, filters, page_asked(request.args.get("page", "")))
    return render_template(
        "toolkit/notes/notes.html",
        notes=notes_pages.shown(found.notes),
        paging={
            "page": found.page,
            "pages": found.pages,
            "url_for": lambda number: url_for(".notes", **filters.args(), page=number),
        },
        pills=_pills(filters),
        with_place=True,
    )


def _pills(filters: NoteFilters) -> list[dict[str, object]]:
    every = [
        {"label": _("All"), "url": url_for(".notes"), "current": filters == NoteFilters()},
        *(
            {"label": label, "url": url_for(".notes", mark=each.value), "current": each is filters.mark}
            for each, label in labels.MARKS_LABELS.items()
        ),
    ]
    every += [
        {
            "label": _("Ideas: %(standing)s", standing=labels.STANDING_LABELS[each]),
            "url": url_for(".notes", standing=each.value),
            "current": each is filters.standing,
        }
        for each in IdeaStanding
    ]
    return [*every, {"label": _("Mine"), "url": url_for(".notes", mine=1), "current": filters.mine}]


# -- your own note


@bp.get("/notes/<id:note_id>/edit")
@allows(Permission.WORK)
def edit_note(note_id: int) -> str:
    note = _own(note_id)
    return _edit_page(_form_of(note), note)


@bp.post("/notes/<id:note_id>/edit")
@allows(Permission.WORK)
def save_note(note_id: int) -> Response | tuple[str, int]:
    note = _own(note_id)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            service.edit_note(note, form.opened_version, form.words)
            db.session.commit()
            flash(_("Your note is saved."))
            return redirect(_url_of(note_id), 303)
        except FieldRefused as refused:
            db.session.rollback()
            form.refuse(refused.field, refused.message)
            return _edit_page(form, note), 422
        except StaleVersion:
            return _edit_page(form, note, differences(form, _form_of(note), note.version)), 409
    return _edit_page(form, note), 422


@bp.post("/notes/<id:note_id>/share")
@allows(Permission.WORK)
@button
def share_note(note_id: int) -> Response:
    note = _own(note_id)
    service.share_note(note)
    db.session.commit()
    flash(_("All members can see your note now."))
    return redirect(_url_of(note_id), 303)


def _own(note_id: int) -> Note:
    return note_queries.own_note(g.membership, note_id) or abort(404)


def _line(note_id: int) -> note_queries.NoteLine:
    return note_queries.note_line(g.membership, note_id) or abort(404)


def _url_of(note_id: int) -> str:
    line = _line(note_id)
    return labels.place_url(line.area, line.section, note_id)


def _form_of(note: Note) -> NoteForm:
    seen_by = SHARED if note.is_shared else PRIVATE
    return NoteForm(
        formdata=None,
        data={"text": note.text, "mark": note.mark.value, "seen_by": seen_by, "version": str(note.version)},
    )


def _edit_page(form: NoteForm, note: Note, found: list[Difference] | None = None) -> str:
    line = _line(note.id)
    return render_template(
        "toolkit/notes/note_form.html",
        form=form,
        note_id=note.id,
        place=line.place,
        back=line.place_url,
        differences=found,
    )


# -- deleting a note


@asks_to_delete(bp, "/notes/<id:note_id>/delete", Permission.WORK)
def delete_note(note_id: int) -> Deletion:
    line = _line(note_id)
    note = note_queries.note_of(g.membership, note_id)
    if note is None or not service.may_delete_note(g.membership, line):
        abort(404)
    return Deletion(
        page="toolkit/delete.html",
        title=_("Delete this note?"),
        what=line.text,
        back=line.place_url,
        delete=lambda: (_("The note is in the trash."), service.delete_note(g.membership, note)),
        then=labels.place_url(line.area, line.section),
    )


# -- replies


@bp.get("/notes/<id:note_id>/reply")
@allows(Permission.WORK)
def write_reply(note_id: int) -> str:
    return _reply_page(_shared(note_id), NoteReplyForm(formdata=None))


@bp.post("/notes/<id:note_id>/reply")
@allows(Permission.WORK)
def save_reply(note_id: int) -> Response | tuple[str, int]:
    line, form = _shared(note_id), NoteReplyForm()
    if form.validate_on_submit():
        note = note_queries.note_of(g.membership, note_id) or abort(404)
        service.reply(g.membership, note, form.text.data or "")
        db.session.commit()
        flash(_("Your reply is saved."))
        return redirect(_url_of(note_id), 303)
    return _reply_page(line, form), 422


@asks_to_delete(bp, "/notes/<id:note_id>/replies/<id:reply_id>/delete", Permission.WORK)
def delete_reply(note_id: int, reply_id: int) -> Deletion:
    line = note_queries.reply_line(g.membership, note_id, reply_id)
    reply = note_queries.reply_of(g.membership, reply_id)
    if line is None or reply is None or not service.may_delete_reply(g.membership, line):
        abort(404)
    return Deletion(
        page="toolkit/delete.html",
        title=_("Delete this reply?"),
        what=line.text,
        back=_url_of(line.note_id),
        delete=lambda: (_("The reply is in the trash."), service.delete_reply(g.membership, reply)),
    )


def _shared(note_id: int) -> note_queries.NoteLine:
    line = _line(note_id)
    if not line.is_shared:
        abort(404)
    return line


def _reply_page(line: note_queries.NoteLine, form: NoteReplyForm) -> str:
    return render_template(
        "toolkit/notes/reply_form.html",
        form=form,
        note=notes_pages.shown([line])[0],
        back=line.place_url,
    )


# -- deciding about an idea


@bp.post("/notes/<id:note_id>/decide")
@allows(Permission.WORK)
def decide_idea(note_id: int) -> Response:
    note = note_queries.note_of(g.membership, note_id) or abort(404)
    form = DecideForm()
    if form.validate_on_submit():
        service.decide(g.membership, note, chosen(IdeaStanding, form.decided))
        db.session.commit()
        flash(_("Saved. Everyone sees what you decided about this idea."))
        return redirect(_url_of(note_id), 303)
    return problem(422, _("Nothing was decided"), _("Nothing was changed. Press one of the buttons."))


# -- making something from an idea


@bp.post("/notes/<id:note_id>/become")
@allows(Permission.WORK)
def become(note_id: int) -> Response:
    """Makes a need, a strength or an action.

    If two people press at once, the second is redirected to the first one's.
    """
    note = note_queries.note_of(g.membership, note_id) or abort(404)
    form = BecomeForm()
    if form.validate_on_submit():
        service.hold_idea(note)
        if note_id not in notes_pages.became_of([note_id]):
            flash(_make(form.kind.data, note))
            db.session.commit()
        return redirect(_url_of(note_id), 303)
    return problem(422, _("Nothing was created"), _("Nothing was changed. Press one of the buttons."))


def _make(kind: str, note: Note) -> str:
    """Makes the thing and returns the message that says what was made."""
    if kind == "need":
        need = service.become_need(g.membership, note)
        return _(
            "It is now need %(number)s, with a gap of %(gap)s of 4. Say how large the gap is and "
            "how much it matters.",
            number=need.number,
            gap=service.STATED_GAP,
        )
    if kind == "strength":
        service.become_strength(g.membership, note)
        return _("It is now one of your strengths. Choose its kind and who offers it.")
    action = actions_service.create_action(
        g.membership, title=title_of(note.text), details=details_of(note.text), note=note
    )
    return _("It is now action %(number)s in the plan. Choose its owner and due date.", number=action.number)
