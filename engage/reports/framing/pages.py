"""Builds the framed pages, at most 15 KB each, and the lines with which another site shows them."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import Any

from flask import url_for
from markupsafe import Markup
from msgspec import Struct

from engage import languages
from engage.coalitions.models import Membership
from engage.i18n import gettext as _
from engage.reports.framing.queries import coming_events
from engage.web import links
from engage.web.framing import MOST_BYTES

# A page tries to show this many rows, or parts of a text, and then fewer, until it is short enough.
_SIZES = (12, 8, 5, 3, 1)
# A part of a text is this many characters.
PART = 250
_HEIGHTS = {"progress": 560, "calendar": 480, "event": 360}


def short_enough(render: Callable[[int], str]) -> str:
    """Returns the page with as many rows as fit into 15 KB; its link leads to the rest."""
    page = ""
    for most in _SIZES:
        page = render(most)
        if len(page.encode()) <= MOST_BYTES:
            return page
    return page


def beginning(text: str, parts: int) -> str:
    """Returns the beginning of a long text, with an ellipsis where it goes on."""
    longest = parts * PART
    return text if len(text) <= longest else f"{text[:longest].rstrip()}…"


class Snippet(Struct, frozen=True):
    """What to paste for one page in one language."""

    id: str
    language: str
    html: str


class Framed(Struct, frozen=True):
    """A page that can stand on another site: its name, what to paste, and the address of its calendar file."""

    key: str
    title: str
    snippets: Sequence[Snippet]
    feed: str = ""


def framed_pages(membership: Membership, token: str | None, today: date) -> list[Framed]:
    """Returns everything that can stand on another site; without a public page, only events."""
    name = membership.coalition.name
    found = []
    if token is not None:
        whole, feed = (
            links.external(url_for(view, token=token)) for view in ("public.progress", "public.meetings")
        )
        found += [
            Framed("progress", _("Our progress"), _snippets("progress", "progress", token, name, whole)),
            Framed(
                "calendar",
                _("Our open meetings and events"),
                _snippets("calendar", "calendar", token, name, whole),
                feed,
            ),
        ]
    for number, event in enumerate(coming_events(membership, today)):
        key = f"event-{number}"
        whole = links.external(url_for("event.show_event", token=event.token))
        found.append(Framed(key, event.title, _snippets("event", key, event.token, event.title, whole)))
    return found


def _snippets(view: str, key: str, token: str, title: str, whole: str) -> list[Snippet]:
    return [
        Snippet(
            f"reports-framed-{key}-{each}", languages.own_name(each), _html(view, token, title, whole, each)
        )
        for each in languages.offered()
    ]


def _html(view: str, token: str, title: str, whole: str, language: str) -> str:
    """Returns the frame, and below it a link for readers whose browser does not show it."""
    values: dict[str, Any] = {languages.ASKED: language}
    frame = Markup(
        '<iframe src="{}" title="{}" lang="{}" width="100%" height="{}" loading="lazy" referrerpolicy="no-referrer" '
        'style="border:0"></iframe><p><a href="{}" lang="{}">{}</a></p>'
    )
    address = links.external(url_for(f"framed.{view}", token=token, **values))
    whole = f"{whole}?{languages.ASKED}={language}"
    return str(frame.format(address, title, language, _HEIGHTS[view], whole, language, title))
