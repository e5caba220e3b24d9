"""Answers what other sites may show in a frame: addresses below /framed/, which neither read nor set a cookie."""

import base64
import hashlib
from collections.abc import Iterable
from typing import Any

from flask import Flask, Response, make_response
from markupsafe import Markup

PREFIX = "/framed/"
# The page is this long at most, with its style and all else that it loads.
MOST_BYTES = 15 * 1024
# The style is part of the page: a file of its own would be a second request, and could not be read from the sandbox.
STYLE = Markup(
    "body{margin:0;padding:12px;background:#fff;color:#1d2733;font:16px/1.5 system-ui,sans-serif;"
    "overflow-wrap:anywhere}h1{font-size:1.3em;margin:0 0 .4em}h2{font-size:1.05em;margin:1em 0 .2em}"
    "p,ul{margin:.3em 0}ul{padding-left:1.2em}a{color:#0b4f8a}progress{accent-color:#0b4f8a;width:9em}"
    ".small{font-size:.875em;color:#4a5663}"
)
_STYLE_HASH = base64.b64encode(hashlib.sha256(STYLE.encode()).digest()).decode()
# Links open a page of their own, outside of the frame; a form or a script would not work even if there were one.
_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; form-action 'none'; base-uri 'none'; "
    "sandbox allow-popups allow-popups-to-escape-sandbox allow-downloads; frame-ancestors "
)


def answer(page: str, origins: Iterable[str]) -> Response:
    """Returns the page with the headers by which a browser shows it in frames of these origins and of no others."""
    response = make_response(page)
    response.headers["Content-Security-Policy"] = _POLICY + (" ".join(origins) or "'none'")
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


def init_app(app: Flask) -> None:
    """Drops the cookies of every request for a framed page, before anything could read one."""
    app.jinja_env.globals["framed_style"] = Markup("<style>{}</style>").format(STYLE)
    inner: Any = app.wsgi_app

    def without_cookies(environ: dict[str, Any], start_response: object) -> Any:
        if environ.get("PATH_INFO", "").startswith(PREFIX):
            environ.pop("HTTP_COOKIE", None)
        return inner(environ, start_response)

    app.wsgi_app = without_cookies  # type: ignore[method-assign]
