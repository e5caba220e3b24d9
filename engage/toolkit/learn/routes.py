"""Serves Learn: the focus areas explained, and the reading list on one page."""

from flask import flash, g, redirect, render_template, request, url_for
from flask_babel import gettext as _
from msgspec import Struct
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.content.model import Area
from engage.extensions import db
from engage.frame.access import allows
from engage.toolkit import note_queries, pages, queries, service, words
from engage.toolkit.blueprint import bp
from engage.toolkit.lookups import known_area
from engage.toolkit.queries import SectionLine
from engage.web.forms import ConfirmForm
from engage.web.htmx import fragments, wants_fragment
from engage.web.lists import Choice


class AreaRow(Struct, frozen=True):
    """An area with the number of its shared notes."""

    area: Area
    notes: int


class SectionRow(Struct, frozen=True):
    section: SectionLine
    place: str
    notes: int
    is_late: bool


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
        areas=_area_rows(counts),
        has_read=queries.has_read(g.membership),
        sections=[
            SectionRow(each, words.place_words(each), counts.sections.get(each.id, 0), each.is_late(today))
            for each in listed
        ],
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
    """Returns the shared notes by mark, each with the list behind it."""
    shared = note_queries.shared_by_mark(g.membership)
    return [
        Choice(str(label), url_for(".notes", mark=mark.value), False, shared.get(mark, 0))
        for mark, label in words.MARKS_WORDS.items()
    ]


def _area_rows(counts: note_queries.NoteCounts) -> list[AreaRow]:
    return [AreaRow(area_, counts.areas.get(area_.key, 0)) for area_ in content().areas]


@bp.get("/trafficking")
@allows(Permission.SEE)
def trafficking() -> str:
    """Shows what human trafficking is, on which all other pages build."""
    return render_template("toolkit/learn/trafficking.html")


# -- the area pages


@bp.get("/areas/")
@allows(Permission.SEE)
def areas() -> str:
    return _areas()


@bp.post("/areas/read")
@allows(Permission.WORK)
def read_areas() -> Response | tuple[str, int]:
    """Records that the person has read these pages."""
    if ConfirmForm().validate_on_submit():
        service.mark_areas_read(g.membership)
        db.session.commit()
        return _ticked(_("Saved: you have read these pages."))
    return _areas(), 422


@bp.post("/areas/unread")
@allows(Permission.WORK)
def unread_areas() -> Response | tuple[str, int]:
    if ConfirmForm().validate_on_submit():
        service.mark_areas_unread(g.membership)
        db.session.commit()
        return _ticked(_("Saved: no longer marked as read."))
    return _areas(), 422


@bp.get("/areas/<key>")
@allows(Permission.SEE)
def area(key: str) -> str:
    return pages.area_page(known_area(key))


def _read_state() -> dict[str, object]:
    return {
        "has_read": queries.has_read(g.membership),
        "readers": queries.readers_of_areas(g.membership),
        "confirm": ConfirmForm(formdata=None),
    }


def _ticked(text: str) -> Response:
    if wants_fragment():
        return fragments(("toolkit/learn/_areas_read.html", _read_state()), ("_status.html", {"text": text}))
    flash(text)
    return redirect(url_for(".areas", _anchor="toolkit-areas-read"), 303)


def _areas() -> str:
    rows = _area_rows(note_queries.note_counts(g.membership))
    return render_template("toolkit/learn/areas.html", rows=rows, **_read_state())
