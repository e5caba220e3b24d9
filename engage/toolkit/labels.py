"""Names the toolkit's marks, sections and notes on screen, and says where they are shown."""

from flask import url_for

from engage.i18n import lazy_gettext as _l
from engage.toolkit.rules import IdeaStanding, NoteMark

MARK_LABELS = {
    NoteMark.IDEA: _l("Idea"),
    NoteMark.QUESTION: _l("Question"),
    NoteMark.KEY_POINT: _l("Key point"),
}
MARKS_LABELS = {
    NoteMark.IDEA: _l("Ideas"),
    NoteMark.QUESTION: _l("Questions"),
    NoteMark.KEY_POINT: _l("Key points"),
}
STANDING_LABELS = {
    IdeaStanding.KEPT: _l("Kept"),
    IdeaStanding.PARKED: _l("For later"),
    IdeaStanding.SET_ASIDE: _l("Not for us"),
}
# These are the labels of the buttons that decide about an idea.
DECIDE_LABELS = {
    IdeaStanding.KEPT: _l("Keep the idea"),
    IdeaStanding.PARKED: _l("Park the idea for later"),
    IdeaStanding.SET_ASIDE: _l("Set the idea aside"),
}
STANDING_TAGS = {
    IdeaStanding.KEPT: "done",
    IdeaStanding.PARKED: "info",
    IdeaStanding.SET_ASIDE: "notstarted",
}
# These are the colors of tags; a tag's word says the same.
MARK_TAGS = {NoteMark.IDEA: "next", NoteMark.QUESTION: "info", NoteMark.KEY_POINT: "notstarted"}


def place_url(area: str, section: str, note_id: int | None = None) -> str:
    """Returns the address of the notes on an area or a section, or of one of these notes."""
    anchor = f"toolkit-note-{note_id}" if note_id is not None else "toolkit-notes"
    if section:
        return url_for("toolkit.section", key=section, _anchor=anchor)
    return url_for("toolkit.area", key=area, _anchor=anchor)
