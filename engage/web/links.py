"""Makes full addresses for links, QR codes and print: by ENGAGE_URL, never by the request's host."""

from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup


def external(path: str) -> str:
    """Returns the address of a path, as people type it into a browser."""
    return str(current_app.config["URL"]) + path


def short(address: str) -> str:
    """Returns the address to type, without what a browser adds by itself."""
    return address.split("://", 1)[1]


def is_local() -> bool:
    """Returns whether ENGAGE_URL points at this machine alone."""
    return urlsplit(str(current_app.config["URL"])).hostname in {"127.0.0.1", "localhost", "::1"}


def qr(address: str) -> Markup:
    """Returns a QR code as inline SVG without style attributes.

    The address itself stands beside it as text: whoever cannot see the code misses nothing, and need not hear of it.
    """
    import segno  # few pages show one

    code = segno.make(address, error="m", micro=False)
    # This is segno's own SVG: squares drawn from numbers, nothing of the address in it.
    drawn = code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704
