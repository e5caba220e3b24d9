"""Checks which addresses may be followed or shown, and to which ones this server may connect."""

import re
import unicodedata
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address
from urllib.parse import unquote, urlsplit

LONGEST = 500

_NEVER = frozenset('\\<>"`')
_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")
# Public IPv6 addresses are in this range. Within it, an address may contain an IPv4 address.
_PUBLIC = IPv6Network("2000::/3")
# Refused here, because Python versions disagree on whether these ranges are global.
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))


def is_inside(address: str) -> bool:
    """Returns whether a redirect may lead to this address.

    The address must begin with one slash, and have no second slash, backslash, control character or space.
    """
    return address.startswith("/") and not address.startswith("//") and _is_visible(address)


def is_web_address(address: str) -> bool:
    """Returns whether the address is http(s) with a host, and has no credentials, spaces or hidden characters."""
    if not 0 < len(address) <= LONGEST or not _is_visible(address):
        return False
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port  # reading the port raises an error if it is invalid
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and "@" not in parts.netloc and host is not None and _is_host(host)
    )


def web_address_in(text: str) -> str | None:
    """Returns the web address that a person means, with https:// if it is missing; None if it is not one."""
    address = text if "://" in text else f"https://{text}"
    return address if is_web_address(address) and ("." in text or "://" in text) else None


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


def is_public(address: str) -> bool:
    """Returns whether an address is one of the public Internet: not this machine, its network, or its host's.

    IPv6 addresses that contain an IPv4 address (mapped, 6to4, Teredo, NAT64) are always refused.
    """
    try:
        found = ip_address(address)
    except ValueError:
        return False
    if not found.is_global or found.is_multicast or found.is_reserved or found.is_unspecified:
        return False
    if isinstance(found, IPv4Address):
        return not any(found in network for network in _SPECIAL)
    return found in _PUBLIC and not _leads_to_ipv4(found)


def _leads_to_ipv4(found: IPv6Address) -> bool:
    return found.ipv4_mapped is not None or found.sixtofour is not None or found.teredo is not None
