"""Decides which addresses this server may connect to, and what an answer says about a link."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from engage.documents.rules import LinkState

# Other ports belong to other services, so links with other ports are not checked.
WEB_PORTS = frozenset({80, 443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
# Public IPv6 addresses are in this range. Within it, an address may contain an IPv4 address.
_PUBLIC = IPv6Network("2000::/3")
# Python versions disagree on whether these are global.
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))


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


def state_of(status: int) -> LinkState:
    """Returns the state for the status of the last answer; a page that asks to sign in counts as found."""
    if 200 <= status < 300:
        return LinkState.WORKS
    if status in GONE:
        return LinkState.NOT_FOUND
    return LinkState.NO_ANSWER if status >= 500 else LinkState.UNKNOWN
