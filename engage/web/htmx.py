"""Reads and writes HX headers, all in this file: fragments, redirects, messages for the status region."""

from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, g, make_response, render_template, url_for
from htmx_flask import request as htmx_request


def wants_fragment() -> bool:
    """Returns whether htmx asks for a part of the page; boosted links and history restores want the whole page."""
    return _asks_for_a_piece() and not g.get("whole_page", False)


def _asks_for_a_piece() -> bool:
    asked = htmx_request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def answer_with_a_whole_page() -> None:
    """Makes this request answer with a whole page that replaces the body, whatever htmx's target was."""
    g.whole_page = True


def fragments(*pieces: tuple[str, dict[str, object]], status: int = 200) -> Response:
    """Returns several rendered fragments in one response; all but the first get `oob=True` in a template."""
    body = "".join(
        render_template(name, **{"oob": position > 0, **context})
        for position, (name, context) in enumerate(pieces)
    )
    return make_response(body, status)


def page_args() -> dict[str, str]:
    """Returns the query of the address that the browser shows while htmx posts a part of the page."""
    current = htmx_request.htmx.current_url or ""
    return {name: values[-1] for name, values in parse_qs(urlsplit(current).query).items()}


def status_message(text: str, status: int, title: str = "") -> Response:
    """Returns an error for htmx as a message in the status region; the form stays as it is."""
    response = make_response(render_template("errors/_message.html", text=text, title=title), status)
    response.headers["HX-Retarget"] = "#status"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _finish(response: Response) -> Response:
    response.headers.add("Vary", "HX-Request")
    if htmx_request.htmx.boosted and response.status_code >= 400:
        response.headers["HX-Push-Url"] = "false"  # the browser still shows the page with the form
    if not _asks_for_a_piece():
        return response
    if response.status_code == 303:
        # htmx would follow the redirect itself and put a whole page into a part of the page.
        location = response.headers.pop("Location", url_for("pages.index"))
        response.headers["HX-Redirect"] = location
        response.status_code = 204
    elif g.get("whole_page", False):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def init_app(app: Flask) -> None:
    """Makes every response vary by HX-Request, and turns a redirect for htmx into one of the whole page."""

    @app.after_request
    def finish(response: Response) -> Response:
        return _finish(response)
