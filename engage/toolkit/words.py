"""Names the toolkit's marks, sections and notes on screen, and says where they are shown."""

from flask import url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l

from engage.content.loader import content
from engage.toolkit.note_queries import NoteLine
from engage.toolkit.queries import SectionLine
from engage.toolkit.rules import IdeaStanding, NoteMark

MARK_WORDS = {
    NoteMark.IDEA: _l("Idea"),
    NoteMark.QUESTION: _l("Question"),
    NoteMark.KEY_POINT: _l("Key point"),
}
MARKS_WORDS = {
    NoteMark.IDEA: _l("Ideas"),
    NoteMark.QUESTION: _l("Questions"),
    NoteMark.KEY_POINT: _l("Key points"),
}
STANDING_WORDS = {
    IdeaStanding.KEPT: _l("Kept"),
    IdeaStanding.PARKED: _l("For later"),
    IdeaStanding.SET_ASIDE: _l("Not for us"),
}
# These are the words of the buttons that decide.
DECIDE_WORDS = {
    IdeaStanding.KEPT: _l("Keep the idea"),
    IdeaStanding.PARKED: _l("Park the idea for later"),
    IdeaStanding.SET_ASIDE: _l("Set the idea aside"),
}
STANDING_TAGS = {
    IdeaStanding.KEPT: "done",
    IdeaStanding.PARKED: "info",
    IdeaStanding.SET_ASIDE: "notstarted",
}
# These are the tag's colors; the tag's word says the same.
MARK_TAGS = {NoteMark.IDEA: "next", NoteMark.QUESTION: "info", NoteMark.KEY_POINT: "notstarted"}


def place_words(line: SectionLine) -> str:
    """Returns where to find a section: "Official toolkit, p. 8", or the coalition's own words."""
    return line.place if line.is_own else _("Official toolkit, %(pages)s", pages=line.place)


def note_place(note: NoteLine) -> str:
    """Returns the name of the area or section a note is on; empty for one the content no longer has."""
    if note.section_title:
        return note.section_title
    known = content()
    rows = known.sections if note.section else known.areas
    return next((each.name for each in rows if each.key == (note.section or note.area)), "")


def place_url(area: str, section: str, note_id: int | None = None) -> str:
    """Returns the page with the notes of an area or of a section, at one of them."""
    anchor = f"toolkit-note-{note_id}" if note_id is not None else "toolkit-notes"
    if section:
        return url_for("toolkit.section", key=section, _anchor=anchor)
    return url_for("toolkit.area", key=area, _anchor=anchor)
