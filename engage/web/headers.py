"""Sets security headers on every answer, including errors and static files."""

from flask import Flask, Response, current_app
from werkzeug.middleware.proxy_fix import ProxyFix

CONTENT_SECURITY_POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' data:",
        "font-src 'self'",
        "connect-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
# If a browser shows a file anyway, it stands alone, runs nothing and sends nothing.
FILE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_SHOWN = {"text/html", "text/plain"}

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # It is not no-referrer, because Flask-WTF compares the Referer of a POST over https.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
# For this host alone: on a bare domain the names below it may be others', without https.
STRICT_TRANSPORT = "max-age=31536000"


def is_saved(response: Response) -> bool:
    """Returns whether a browser saves this answer as a file."""
    return str(response.headers.get("Content-Disposition", "")).startswith("attachment")


def is_file(response: Response) -> bool:
    """Returns whether an answer is for a program other than the browser: something to save, a calendar, data."""
    return is_saved(response) or response.mimetype not in _SHOWN


def init_app(app: Flask) -> None:
    """Sets headers where a view has not said otherwise; only static files may be stored.

    With an https address there is one proxy in front, unless ENGAGE_PROXIES says otherwise. Only its word on
    the client's address is believed, nothing from further away. Its word on the host is never taken: links
    would follow it.
    """
    proxies = app.config["HTTPS"] if app.config["PROXIES"] is None else app.config["PROXIES"]
    if proxies:
        # Each proxy adds the address that it saw; only the last one says how the browser came.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=int(proxies), x_proto=1)  # type: ignore[method-assign]

    @app.after_request
    def secure(response: Response) -> Response:
        if is_file(response):
            response.headers.setdefault("Content-Security-Policy", FILE_POLICY)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers.setdefault("Cache-Control", "no-store")
        if current_app.config["HTTPS"]:
            response.headers.setdefault("Strict-Transport-Security", STRICT_TRANSPORT)
        return response
