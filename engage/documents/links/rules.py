"""Which addresses this server may ask, and what an answer says about a link."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

from engage.documents.rules import LinkState

# Other ports belong to other services; a link that names one is not asked.
WEB_PORTS = frozenset({80, 443})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GONE = frozenset({404, 410})
# Addresses of IPv6 that anybody on the Internet may have. Inside of these, an address may hold one of IPv4.
_PUBLIC = IPv6Network("2000::/3")
# Of these, Pythons disagree whether they are global.
_SPECIAL = (IPv4Network("192.0.0.0/24"), IPv4Network("192.88.99.0/24"))


def is_public(address: str) -> bool:
    """Returns whether an address is one of the public Internet: not this machine, its network, or its host's.

    Of IPv6, addresses that lead to one of IPv4 (mapped, 6to4, Teredo, NAT64) are refused, whatever is inside.
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
    """Returns what the status of the last answer says; who asks for a sign-in is there."""
    if 200 <= status < 300:
        return LinkState.WORKS
    if status in GONE:
        return LinkState.NOT_FOUND
    return LinkState.NO_ANSWER if status >= 500 else LinkState.UNKNOWN
