"""Says which addresses name a site: https, a name, and nothing else."""

import re
from enum import Enum, auto
from urllib.parse import urlsplit

MOST_SITES = 10
LONGEST = 120
_SCHEME = "https://"
# A name has letters, digits and hyphens, at least one dot, and ends with a word, so that it is no number of a machine.
_HOST = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{1,59})")


class NoSite(Enum):
    """The reasons why an address names no site."""

    NOT_HTTPS = auto()
    STAR = auto()
    OTHER_LETTERS = auto()
    PORT = auto()
    PATH = auto()
    NO_NAME = auto()


def origin_of(text: str) -> str | NoSite:
    """Returns the origin, such as https://www.town.example, or why the text is none.

    A name in letters of another alphabet can look like one that it is not. It is refused, and accepted as the
    browser writes it (xn--...), so that a coordinator reads what the browser compares.
    """
    typed = text.strip()
    if "://" not in typed:
        typed = _SCHEME + typed
    scheme, _mark, rest = typed.partition("://")
    if scheme.lower() != "https":
        return NoSite.NOT_HTTPS
    if "*" in rest:
        return NoSite.STAR
    host = re.split(r"[/?#\\]", rest, maxsplit=1)[0]
    if not host.isascii():
        return NoSite.OTHER_LETTERS
    if ":" in host:
        return NoSite.PORT
    if len(typed) > LONGEST or not _HOST.fullmatch(host.lower()):
        return NoSite.NO_NAME
    if rest not in (host, f"{host}/"):
        return NoSite.PATH
    return _SCHEME + host.lower()


def beginning_of(text: str) -> str:
    """Returns the origin of an address that goes on after it, to be suggested."""
    typed = text.strip()
    return _SCHEME + str(urlsplit(typed if "://" in typed else _SCHEME + typed).hostname)
