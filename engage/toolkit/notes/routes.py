"""Serves notes: writing, sharing and deleting them, the list of all, and what is made of an idea."""

from flask import abort, flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.coalitions.permissions import Permission
from engage.coalitions.trash import notice
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.frame.access import allows
from engage.plan.actions import service as actions_service
from engage.toolkit import note_queries, pages, service, words
from engage.toolkit.blueprint import bp
from engage.toolkit.forms import PRIVATE, SHARED, BecomeForm, DecideForm, NoteForm, ReplyForm
from engage.toolkit.lookups import known_area
from engage.toolkit.models import Note
from engage.toolkit.note_queries import NoteFilters
from engage.toolkit.notes import pages as notes_pages
from engage.toolkit.rules import IdeaStanding, details_of, title_of
from engage.toolkit.sections.routes import known_section
from engage.web.answers import problem
from engage.web.differences import Difference, differences
from engage.web.forms import ConfirmForm, chosen
from engage.web.lists import page_asked

# -- writing one


@bp.post("/areas/<key>/notes")
@allows(Permission.WORK)
def add_area_note(key: str) -> Response | tuple[str, int]:
    area = known_area(key)
    form = NoteForm()
    if form.validate_on_submit():
        note = service.write_note(g.membership, form.words, area=key)
        db.session.commit()
        flash(_("Your note is saved."))
        return redirect(words.place_url(key, "", note.id), 303)
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
        return redirect(words.place_url("", key, note.id), 303)
    return pages.section_page(line, form), 422


# -- all of them


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
        confirm=ConfirmForm(formdata=None),
    )


def _pills(filters: NoteFilters) -> list[dict[str, object]]:
    every = [
        {"label": _("All"), "url": url_for(".notes"), "current": filters == NoteFilters()},
        *(
            {"label": label, "url": url_for(".notes", mark=each.value), "current": each is filters.mark}
            for each, label in words.MARKS_WORDS.items()
        ),
    ]
    every += [
        {
            "label": _("Ideas: %(standing)s", standing=words.STANDING_WORDS[each]),
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
def share_note(note_id: int) -> Response:
    note = _own(note_id)
    if ConfirmForm().validate_on_submit():
        service.share_note(note)
        db.session.commit()
        flash(_("All members can see your note now."))
        return redirect(_url_of(note_id), 303)
    return problem(422, _("The note was not shared"), _("Nothing was changed. Press the button to share it."))


def _own(note_id: int) -> Note:
    return note_queries.own_note(g.membership, note_id) or abort(404)


def _line(note_id: int) -> note_queries.NoteLine:
    return note_queries.note_line(g.membership, note_id) or abort(404)


def _url_of(note_id: int) -> str:
    line = _line(note_id)
    return words.place_url(line.area, line.section, note_id)


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
        place=words.note_place(line),
        back=words.place_url(line.area, line.section, note.id),
        differences=found,
    )


# -- deleting one


@bp.get("/notes/<id:note_id>/delete")
@allows(Permission.WORK)
def ask_to_delete_note(note_id: int) -> str:
    return _delete_page(_deletable(note_id))


@bp.post("/notes/<id:note_id>/delete")
@allows(Permission.WORK)
def delete_note(note_id: int) -> Response | tuple[str, int]:
    line = _deletable(note_id)
    if ConfirmForm().validate_on_submit():
        note = note_queries.note_of(g.membership, note_id) or abort(404)
        copy = service.delete_note(g.membership, note)
        db.session.commit()
        notice.say(_("The note is in the trash."), copy)
        return redirect(words.place_url(line.area, line.section), 303)
    return _delete_page(line), 422


def _deletable(note_id: int) -> note_queries.NoteLine:
    line = _line(note_id)
    if not service.may_delete_note(g.membership, line):
        abort(404)
    return line


def _delete_page(line: note_queries.NoteLine) -> str:
    return render_template(
        "toolkit/delete.html",
        title=_("Delete this note?"),
        what=line.text,
        action=url_for(".delete_note", note_id=line.id),
        back=words.place_url(line.area, line.section, line.id),
        form=ConfirmForm(formdata=None),
    )


# -- replies


@bp.get("/notes/<id:note_id>/reply")
@allows(Permission.WORK)
def write_reply(note_id: int) -> str:
    return _reply_page(_shared(note_id), ReplyForm(formdata=None))


@bp.post("/notes/<id:note_id>/reply")
@allows(Permission.WORK)
def save_reply(note_id: int) -> Response | tuple[str, int]:
    line, form = _shared(note_id), ReplyForm()
    if form.validate_on_submit():
        note = note_queries.note_of(g.membership, note_id) or abort(404)
        service.reply(g.membership, note, form.text.data or "")
        db.session.commit()
        flash(_("Your reply is saved."))
        return redirect(_url_of(note_id), 303)
    return _reply_page(line, form), 422


@bp.get("/notes/<id:note_id>/replies/<id:reply_id>/delete")
@allows(Permission.WORK)
def ask_to_delete_reply(note_id: int, reply_id: int) -> str:
    return _delete_reply_page(_deletable_reply(note_id, reply_id))


@bp.post("/notes/<id:note_id>/replies/<id:reply_id>/delete")
@allows(Permission.WORK)
def delete_reply(note_id: int, reply_id: int) -> Response | tuple[str, int]:
    line = _deletable_reply(note_id, reply_id)
    if ConfirmForm().validate_on_submit():
        row = note_queries.reply_of(g.membership, reply_id) or abort(404)
        copy = service.delete_reply(g.membership, row)
        db.session.commit()
        notice.say(_("The reply is in the trash."), copy)
        return redirect(_url_of(note_id), 303)
    return _delete_reply_page(line), 422


def _shared(note_id: int) -> note_queries.NoteLine:
    line = _line(note_id)
    if not line.is_shared:
        abort(404)
    return line


def _deletable_reply(note_id: int, reply_id: int) -> note_queries.ReplyLine:
    line = note_queries.reply_line(g.membership, note_id, reply_id) or abort(404)
    if not service.may_delete_reply(g.membership, line):
        abort(404)
    return line


def _reply_page(line: note_queries.NoteLine, form: ReplyForm) -> str:
    return render_template(
        "toolkit/notes/reply_form.html",
        form=form,
        note=notes_pages.shown([line])[0],
        back=words.place_url(line.area, line.section, line.id),
    )


def _delete_reply_page(line: note_queries.ReplyLine) -> str:
    return render_template(
        "toolkit/delete.html",
        title=_("Delete this reply?"),
        what=line.text,
        action=url_for(".delete_reply", note_id=line.note_id, reply_id=line.id),
        back=_url_of(line.note_id),
        form=ConfirmForm(formdata=None),
    )


# -- what is decided about an idea


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


# -- what an idea becomes


@bp.post("/notes/<id:note_id>/become")
@allows(Permission.WORK)
def become(note_id: int) -> Response:
    """Makes a need, a strength or an action; the second of two people who press at once is led to the first one's."""
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
    """Returns the words that say what it is now."""
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
