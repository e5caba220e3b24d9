"""Which addresses may be followed or shown: paths of this site, and web addresses that are what they look like."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

LONGEST = 500

_NEVER = frozenset('\\<>"`')
_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")


def is_inside(address: str) -> bool:
    """Whether a redirect may follow it: one slash first; no second one, backslash, control character or space."""
    return address.startswith("/") and not address.startswith("//") and _is_visible(address)


def is_web_address(address: str) -> bool:
    """Whether it is an http(s) address with a host, without credentials, spaces or hidden characters."""
    if not 0 < len(address) <= LONGEST or not _is_visible(address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port  # reading the port checks it
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and "@" not in parts.netloc and host is not None and _is_host(host)
    )


def is_page_of(address: str, slug: str) -> bool:
    """Whether it is a page of this coalition; decoded once, as a server does, so that "%2e%2e" hides nothing."""
    decoded = unquote(address)
    return (
        bool(slug)
        and len(address) <= LONGEST
        and _is_visible(address)
        and decoded.startswith(f"/c/{slug}/")
        and address.startswith(f"/c/{slug}/")
        and not any(part in decoded for part in ("//", "..", "/./"))
        and _is_visible(decoded.replace(" ", ""))
    )


def _is_visible(text: str) -> bool:
    """No spaces, control characters, invisible marks (they turn an address around) or characters of no address."""
    return all(unicodedata.category(c)[0] not in "CZ" and c not in _NEVER for c in text)


def _is_host(host: str) -> bool:
    # urlsplit lets a colon stand in a host only between brackets, where it has checked the IPv6 address.
    return ":" in host or all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))
