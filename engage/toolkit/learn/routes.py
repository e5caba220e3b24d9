"""Serves Learn: the focus areas explained, and the reading list on one page."""

from flask import flash, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from engage import clock
from engage.coalitions.permissions import Permission, allows, may
from engage.content.loader import content
from engage.extensions import db
from engage.i18n import gettext as _
from engage.toolkit import labels, note_queries, pages, queries, service
from engage.toolkit.blueprint import bp
from engage.toolkit.pages import known_area
from engage.toolkit.queries import SectionLine
from engage.web.access import button
from engage.web.htmx import fragments, wants_fragment
from engage.web.lists import Choice


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
