"""The one place that reads and writes HX headers: fragments, redirects, messages for the status region."""

from flask import Flask, Response, make_response, render_template, request, url_for
from htmx_flask import request as htmx_request


def wants_fragment() -> bool:
    """Whether htmx asks for a piece of the page; boosted links and history restores want it whole."""
    asked = htmx_request.htmx
    return bool(asked) and not asked.boosted and not asked.history_restore_request


def fragments(*pieces: tuple[str, dict[str, object]], status: int = 200) -> Response:
    """Several rendered partials in one answer; those after the first carry `oob=True` for their template."""
    body = "".join(
        render_template(name, **{"oob": position > 0, **context})
        for position, (name, context) in enumerate(pieces)
    )
    return make_response(body, status)


def status_message(text: str, status: int, title: str = "") -> Response:
    """An error answer to htmx: a message in the status region; the form stays as it is."""
    response = make_response(render_template("errors/_message.html", text=text, title=title), status)
    response.headers["HX-Retarget"] = "#status"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def whole_page(response: Response) -> Response:
    """Put this answer in place of the page's body, whatever the request's target was."""
    response.headers["HX-Retarget"] = "body"
    response.headers["HX-Reswap"] = "innerHTML"
    return response


def _finish(response: Response) -> Response:
    response.headers.add("Vary", "HX-Request")
    if wants_fragment() and response.status_code == 303:
        # htmx would follow the redirect itself and swap a whole page into a piece.
        location = response.headers.pop("Location", url_for("pages.index"))
        response.headers["HX-Redirect"] = location
        response.status_code = 204
    return response


def init_app(app: Flask) -> None:
    """Every answer varies by HX-Request; a redirect to htmx moves the whole page."""

    @app.after_request
    def finish(response: Response) -> Response:
        return response if request.endpoint == "static" else _finish(response)
