"""Assembles the pages of an area and of a section, for the routes that write on them."""

from flask import abort, g, render_template, url_for

from engage import clock
from engage.coalitions.permissions import Permission, may
from engage.content.loader import content
from engage.content.model import Area
from engage.i18n import gettext as _
from engage.toolkit import note_queries, queries, service
from engage.toolkit.forms import SHARED, NoteForm
from engage.toolkit.note_queries import NoteLine
from engage.toolkit.notes import pages as notes_pages
from engage.toolkit.queries import SectionLine
from engage.toolkit.rules import NoteMark


def area_page(area: Area, form: NoteForm | None = None) -> str:
    """Renders the page of a focus area, with the notes that this person sees."""
    every = content().areas
    place = every.index(area)
    works = may(g.membership.role, Permission.WORK)
    lines = note_queries.notes_on_area(g.membership, area.key) if works else []
    return render_template(
        "toolkit/learn/area.html",
        area=area,
        number=place + 1,
        total=len(every),
        before=every[place - 1] if place else None,
        after=every[place + 1] if place + 1 < len(every) else None,
        indicators=content().indicators_in(area.key),
        hint=_("What does our community already do or talk about here? One or two sentences will do."),
        **_notes(lines, form or _fresh(NoteMark.KEY_POINT), url_for("toolkit.add_area_note", key=area.key)),
    )


def section_page(line: SectionLine, form: NoteForm | None = None) -> str:
    """Renders the page of a section, with its readers and the notes that this person sees."""
    lines = note_queries.notes_on_section(g.membership, line.id) if line.id else []
    return render_template(
        "toolkit/sections/section.html",
        hint=_("An idea, a question, or a key point for the others, in your own words."),
        may_remove=service.may_remove(g.membership, line),
        **readers(line),
        **_notes(lines, form or _fresh(NoteMark.IDEA), url_for("toolkit.add_section_note", key=line.key)),
    )


def readers(line: SectionLine) -> dict[str, object]:
    """Returns the template's values for the part of a section's page about its readers."""
    today = clock.today(g.coalition.time_zone)
    return {
        "section": line,
        "today": today,
        "is_late": line.is_late(today),
        "may_tick": {each.id for each in line.readers if service.may_tick(g.membership, each)},
        "is_reader": line.is_read_by(g.membership.id),
    }


def _fresh(mark: NoteMark) -> NoteForm:
    return NoteForm(formdata=None, data={"mark": mark.value, "seen_by": SHARED})


def _notes(lines: list[NoteLine], form: NoteForm, post_url: str) -> dict[str, object]:
    return {
        "form": form,
        "post_url": post_url,
        "notes": notes_pages.shown(lines),
        "with_place": False,
    }


def known_section(key: str) -> SectionLine:
    """Returns a section of the coalition's list; answers "not found" for any other."""
    return queries.section_of(g.membership, key) or abort(404)


def known_area(key: str) -> Area:
    """Returns an area of the content; answers "not found" for any other."""
    found = next((area for area in content().areas if area.key == key), None)
    return found or abort(404)
