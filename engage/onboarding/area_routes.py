"""The pages on the focus areas: what each is about, who has read them, and first impressions."""

from dataclasses import dataclass

from flask import abort, flash, g, redirect, render_template, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from engage.access import allows
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.content.model import Area
from engage.errors import FieldRefused, StaleVersion
from engage.extensions import db
from engage.forms import ConfirmForm
from engage.htmx import fragments, wants_fragment
from engage.onboarding import queries, service
from engage.onboarding.forms import NoteForm
from engage.onboarding.models import AreaNote
from engage.onboarding.routes import bp


@dataclass(frozen=True, slots=True)
class AreaRow:
    area: Area
    counts: queries.NoteCounts


@bp.get("/areas/")
@allows(Permission.SEE)
def areas() -> str:
    return _areas()


@bp.post("/areas/read")
@allows(Permission.WORK)
def read() -> Response | tuple[str, int]:
    """I have read these pages."""
    if ConfirmForm().validate_on_submit():
        service.mark_read(g.membership)
        db.session.commit()
        return _ticked(_("Saved: you have read these pages."))
    return _areas(), 422


@bp.post("/areas/unread")
@allows(Permission.WORK)
def unread() -> Response | tuple[str, int]:
    if ConfirmForm().validate_on_submit():
        service.mark_unread(g.membership)
        db.session.commit()
        return _ticked(_("Saved: the tick is taken back."))
    return _areas(), 422


@bp.get("/areas/<key>")
@allows(Permission.SEE)
def area(key: str) -> str:
    return _area(_content_area(key))


@bp.post("/areas/<key>")
@allows(Permission.WORK)
def save_note(key: str) -> Response | tuple[str, int]:
    """My first impression; an emptied one is removed."""
    shown = _content_area(key)
    form = NoteForm()
    if form.validate_on_submit():
        try:
            service.save_note(g.membership, key, form.opened_version, form.text.data or "")
            db.session.commit()
            flash(_("Your note is saved.") if form.text.data else _("Your note is removed."))
            return redirect(url_for(".area", key=key, _anchor="onboarding-note"), 303)
        except FieldRefused as error:
            form.refuse(error.field, error.message)
        except StaleVersion:
            return _area(shown, form, conflict=True), 409
    return _area(shown, form), 422


def _content_area(key: str) -> Area:
    found = next((area for area in content().areas if area.key == key), None)
    return found or abort(404)


def _read_state() -> dict[str, object]:
    return {
        "has_read": queries.has_read(g.membership),
        "readers": queries.readers_of(g.membership),
        "confirm": ConfirmForm(formdata=None),
    }


def _ticked(text: str) -> Response:
    if wants_fragment():
        return fragments(("onboarding/_read.html", _read_state()), ("_status.html", {"text": text}))
    flash(text)
    return redirect(url_for(".areas", _anchor="onboarding-read"), 303)


def _areas() -> str:
    counts = queries.note_counts(g.membership)
    rows = [AreaRow(area, counts.get(area.key, queries.NoteCounts())) for area in content().areas]
    return render_template("onboarding/areas.html", rows=rows, **_read_state())


def _area(shown: Area, form: NoteForm | None = None, *, conflict: bool = False) -> str:
    works = may(g.membership.role, Permission.WORK)
    mine = queries.my_note(g.membership, shown.key) if works else None
    every = content().areas
    place = every.index(shown)
    return render_template(
        "onboarding/area.html",
        area=shown,
        number=place + 1,
        total=len(every),
        before=every[place - 1] if place else None,
        after=every[place + 1] if place + 1 < len(every) else None,
        indicators=content().indicators_in(shown.key),
        mine=mine,
        others=queries.notes_of_others(g.membership, shown.key) if works else [],
        form=_note_form(form, mine, conflict=conflict) if works else None,
        conflict=conflict,
    )


def _note_form(form: NoteForm | None, mine: AreaNote | None, *, conflict: bool) -> NoteForm:
    """With the version it is saved against: a note that another window saved is compared with, then replaced."""
    if form is None:
        form = NoteForm(formdata=None, data={"text": mine.text if mine else ""})
        form.version.data = str(mine.version if mine else 0)
    elif conflict:
        form.version.data = str(mine.version if mine else 0)
    return form
