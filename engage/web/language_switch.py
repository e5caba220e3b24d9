"""Remembers the language that a link asks for in a cookie, and links to the others on every page."""

from datetime import timedelta
from urllib.parse import quote, unquote, urlencode, urlsplit

from flask import Flask, current_app, g, request
from msgspec import Struct
from werkzeug.datastructures import MultiDict
from werkzeug.exceptions import HTTPException
from werkzeug.wrappers import Response

from engage import languages
from engage.addresses import is_inside
from engage.database import READING_METHODS
from engage.extensions import language

_KEPT_FOR = timedelta(days=365)


class OfferedLanguage(Struct, frozen=True):
    """A language to switch to: its folder's name, its own name, and the address of this page in it."""

    key: str
    name: str
    url: str


def others() -> list[OfferedLanguage]:
    """Returns the languages other than this page's."""
    spoken, here = language(), this_page()
    mark = "&" if "?" in here else "?"
    return [
        OfferedLanguage(each, languages.own_name(each), f"{here}{mark}{urlencode({languages.ASKED: each})}")
        for each in languages.offered()
        if each != spoken
    ]


def this_page() -> str:
    """Returns the address at which this page can be opened again; for a posted form, the form's page."""
    path, args = request.path, request.args
    if request.method not in READING_METHODS and _opens(path) != getattr(request.url_rule, "rule", ""):
        path, args = _page_before() or "/", MultiDict()
    kept = [(name, value) for name, value in args.items(multi=True) if name != languages.ASKED]
    here = f"{quote(path)}?{urlencode(kept)}" if kept else quote(path)
    return here if is_inside(here) else "/"


def _page_before() -> str:
    """Returns the path of the page on this site from which the browser came; "" if unknown."""
    try:
        before = urlsplit(request.referrer or "")
    except ValueError:  # the header may contain any text
        return ""
    path = unquote(before.path)
    return path if before.netloc == request.host and _opens(path) else ""


def _opens(path: str) -> str:
    """Returns the URL rule of the page at this path; "" if no page can be opened there."""
    try:
        rule, _arguments = current_app.url_map.bind("").match(path, method="GET", return_rule=True)
    except HTTPException:
        return ""
    return rule.rule


def keep(response: Response, wanted: str) -> Response:
    """Makes this browser ask for the language from now on, by a cookie."""
    response.set_cookie(
        languages.COOKIE,
        wanted,
        max_age=_KEPT_FOR,
        path="/",
        secure=bool(current_app.config["HTTPS"]),
        httponly=True,
        samesite="Lax",
    )
    return response


def init_app(app: Flask) -> None:
    """Stores the language that a link asks for, unless the page is a paper."""

    @app.after_request
    def note(response: Response) -> Response:
        if languages.ASKED in request.args and "on_paper" not in g:
            wanted = languages.known(request.args[languages.ASKED])
            if wanted and wanted != request.cookies.get(languages.COOKIE):
                keep(response, wanted)
        return response
