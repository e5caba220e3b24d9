"""Makes full addresses for links, QR codes and print, from ENGAGE_URL and never from the request's host.

It also redirects after something was added: to the new page, or to the same form for the next one.
"""

from urllib.parse import urlsplit

from flask import current_app, redirect, request
from markupsafe import Markup
from werkzeug.wrappers import Response

AGAIN = "again"


def external(path: str) -> str:
    """Returns the address of a path, as people type it into a browser."""
    return str(current_app.config["URL"]) + path


def short(address: str) -> str:
    """Returns the address to type, without the parts that a browser adds itself."""
    return address.split("://", 1)[1]


def is_local() -> bool:
    """Returns whether ENGAGE_URL is an address of this machine only."""
    return urlsplit(str(current_app.config["URL"])).hostname in {"127.0.0.1", "localhost", "::1"}


def qr(address: str) -> Markup:
    """Returns a QR code as inline SVG without style attributes.

    The address is beside it as text, so screen readers can skip the code.
    """
    import segno  # imported here, because few pages show a QR code

    code = segno.make(address, error="m", micro=False)
    # This SVG is segno's own: squares from numbers, without the text of the address.
    drawn = code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704


def onward(address: str) -> Response:
    """Redirects to the thing that was added, or back to the form if *Save and add another* was pressed."""
    return redirect(request.full_path.rstrip("?") if AGAIN in request.form else address, 303)
