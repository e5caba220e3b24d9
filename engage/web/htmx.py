"""The one place that reads and writes HX headers: fragments, redirects, messages for the status region."""

from urllib.parse import parse_qs, urlsplit

from flask import Flask, Response, g, make_response, render_template, url_for
from htmx_flask import request as htmx_request


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of the page; boosted links and history restores want it whole."""
    return _asks_for_a_piece() and not g.get("whole_page", False)


def _asks_for_a_piece() -> bool:
    asked = htmx_request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def answer_with_a_whole_page() -> None:
    """From here on this request is answered with a page in place of the body, whatever htmx's target was."""
    g.whole_page = True


def fragments(*pieces: tuple[str, dict[str, object]], status: int = 200) -> Response:
    """Several rendered partials in one answer; those after the first carry `oob=True` for their template."""
    body = "".join(
        render_template(name, **{"oob": position > 0, **context})
        for position, (name, context) in enumerate(pieces)
    )
    return make_response(body, status)


def page_args() -> dict[str, str]:
    """What the address asks for that the browser shows while htmx posts a piece of it."""
    current = htmx_request.htmx.current_url or ""
    return {name: values[-1] for name, values in parse_qs(urlsplit(current).query).items()}


def status_message(text: str, status: int, title: str = "") -> Response:
    """An error answer to htmx: a message in the status region; the form stays as it is."""
    response = make_response(render_template("errors/_message.html", text=text, title=title), status)
    response.headers["HX-Retarget"] = "#status"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _finish(response: Response) -> Response:
    response.headers.add("Vary", "HX-Request")
    if not _asks_for_a_piece():
        return response
    if response.status_code == 303:
        # htmx would follow the redirect itself and swap a whole page into a piece.
        location = response.headers.pop("Location", url_for("pages.index"))
        response.headers["HX-Redirect"] = location
        response.status_code = 204
    elif g.get("whole_page", False):
        response.headers["HX-Retarget"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response


def init_app(app: Flask) -> None:
    """Every answer varies by HX-Request; a redirect to htmx moves the whole page."""

    @app.after_request
    def finish(response: Response) -> Response:
        return _finish(response)
