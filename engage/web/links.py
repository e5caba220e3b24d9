"""Makes full addresses for links, QR codes and print, from ENGAGE_URL and never from the request's host."""

from urllib.parse import urlsplit

from flask import current_app
from markupsafe import Markup


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
    import segno  # imported here, because few pages show one

    code = segno.make(address, error="m", micro=False)
    # This is segno's own SVG: squares from numbers, without the text of the address.
    drawn = code.svg_inline(scale=4, border=2, svgclass="qr", lineclass=None, omitsize=True)
    return Markup(drawn.replace("<svg ", '<svg aria-hidden="true" ', 1))  # noqa: S704
