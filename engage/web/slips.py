"""Makes slips of paper with a code, and reads a code as people type it."""

import re

from markupsafe import Markup
from msgspec import Struct

from engage.web import links

LONGEST = 40


class PrintedSlip(Struct, frozen=True):
    """A slip of paper to cut out: the code in two halves, the address to type, and its QR code."""

    code: str
    link: str
    qr: Markup


def slip(code: str, path: str) -> PrintedSlip:
    """Returns the slip with a code that opens this path."""
    link = links.external(path)
    return PrintedSlip(spaced(code), links.short(link), links.qr(link))


def spaced(code: str) -> str:
    """Returns a code in two halves, easier to read aloud and to type; the hyphen is optional."""
    return f"{code[: len(code) // 2]}-{code[len(code) // 2 :]}"


def plain(typed: str) -> str:
    """Returns the code that was meant, without capitals, spaces and hyphens; "" if the text cannot be one."""
    text = re.sub(r"[-\u2011\s]", "", typed.lower())
    return text if text.isascii() and text.isalnum() and len(text) <= LONGEST else ""
