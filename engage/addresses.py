"""Checks which addresses may be followed or shown: paths of this site, and plain web addresses."""

import re
import unicodedata
from urllib.parse import unquote, urlsplit

LONGEST = 500

_NEVER = frozenset('\\<>"`')
_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")


def is_inside(address: str) -> bool:
    """Returns whether a redirect may follow this address.

    The address must begin with one slash, and have no second slash, backslash, control character or space.
    """
    return address.startswith("/") and not address.startswith("//") and _is_visible(address)


def is_web_address(address: str) -> bool:
    """Returns whether the address is http(s) with a host, and has no credentials, spaces or hidden characters."""
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
    """Returns whether the address is a page of this coalition.

    The address is decoded once, as a server does, so that "%2e%2e" hides nothing.
    """
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
    """Returns whether all characters are valid and visible: some invisible marks reverse the order of an address."""
    return all(unicodedata.category(c)[0] not in "CZ" and c not in _NEVER for c in text)


def _is_host(host: str) -> bool:
    # urlsplit allows a colon in a host only between brackets, where it has checked the IPv6 address.
    return ":" in host or all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))
