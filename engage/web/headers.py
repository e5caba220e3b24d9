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
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
# If a browser displays a file although it should save it, the file is isolated, runs no script and sends
# nothing.
FILE_POLICY = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox"
_SHOWN = {"text/html", "text/plain"}

HEADERS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    # The policy is not no-referrer, because Flask-WTF checks the Referer of a POST over https.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex",
}
# The header applies to this host only, because hosts below a bare domain may belong to others, without https.
STRICT_TRANSPORT = "max-age=31536000"


def is_saved(response: Response) -> bool:
    """Returns whether a browser saves this answer as a file."""
    return str(response.headers.get("Content-Disposition", "")).startswith("attachment")


def is_file(response: Response) -> bool:
    """Returns whether a response is for another program than the browser: a file, a calendar, data."""
    return is_saved(response) or response.mimetype not in _SHOWN


def init_app(app: Flask) -> None:
    """Sets headers unless the view has set them; only static files may be cached.

    With an https address, one proxy is assumed in front of the server, unless ENGAGE_PROXIES says otherwise.
    Only what that proxy says about the client's address is trusted. Its Host header is never used, because
    links would contain it.
    """
    proxies = app.config["HTTPS"] if app.config["PROXIES"] is None else app.config["PROXIES"]
    if proxies:
        # Each proxy appends the address that it saw; only the last one reports the scheme that the browser
        # used.
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
