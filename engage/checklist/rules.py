"""States, the tick, counts and proof of the Tips for Success (product.md 5)."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import unquote, urlsplit

PROOF_LENGTH = 500


class ItemState(StrEnum):
    NOT_YET = "not_yet"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    NOT_FOR_US = "not_for_us"


class ItemFor(StrEnum):
    """Whom an item of the content files is for."""

    NEW = "new"
    EXISTING = "existing"
    BOTH = "both"


MOVES: dict[ItemState, frozenset[ItemState]] = {state: frozenset(ItemState) - {state} for state in ItemState}


class NotForUsIsNotTicked(ValueError):
    """An item that is not for us has no box to tick; its state is chosen first."""


def ticked(state: ItemState, before: ItemState | None) -> ItemState:
    """The state after one press on the box; `before` is the state that the last tick left.

    Unticking goes back to work that counts: where the item was not for us, or nothing is known, to not yet.
    The box would otherwise vanish under the finger that unticked it.

    Raises NotForUsIsNotTicked.
    """
    if state is ItemState.NOT_FOR_US:
        raise NotForUsIsNotTicked
    if state is not ItemState.DONE:
        return ItemState.DONE
    return ItemState.IN_PROGRESS if before is ItemState.IN_PROGRESS else ItemState.NOT_YET


def before_done(old: ItemState, new: ItemState, before: ItemState | None) -> ItemState | None:
    """What to remember as `before` when an item moves from `old` to `new`, by the box or by choice."""
    if new is not ItemState.DONE:
        return None
    return before if old is ItemState.DONE else old


@dataclass(frozen=True)
class Progress:
    """`done` of `total`; what is not for us is counted apart."""

    done: int
    total: int
    not_for_us: int

    @property
    def percent(self) -> int:
        """0 to 100, rounded down, so that 100 means all of them; 0 where there is nothing to do."""
        return self.done * 100 // self.total if self.total else 0


def progress(states: Iterable[ItemState]) -> Progress:
    done = total = not_for_us = 0
    for state in states:
        if state is ItemState.NOT_FOR_US:
            not_for_us += 1
        else:
            total += 1
            done += state is ItemState.DONE
    return Progress(done, total, not_for_us)


def shown(item_for: ItemFor, stage: str | None) -> bool:
    """Is the item for a coalition of this stage ("new" or "existing")? While that is open, all are."""
    return stage is None or item_for is ItemFor.BOTH or item_for == stage


# In no address that a browser shows: RFC 3986 leaves them out, and "\" is read as "/" by browsers.
_NEVER = frozenset('\\<>"`')
_LABEL = re.compile(r"\w(?:[\w-]{0,61}\w)?")


def is_proof(address: str, coalition_slug: str) -> bool:
    """May a link to this address be shown as proof: an http(s) address, or a page of this coalition?"""
    if len(address) > PROOF_LENGTH or not _is_visible(address):
        return False
    if address.startswith("/"):
        return _is_own_page(address, coalition_slug)
    try:
        parts = urlsplit(address)
        host, _port = parts.hostname, parts.port  # reading the port checks it
    except ValueError:
        return False
    return (
        parts.scheme in {"http", "https"} and "@" not in parts.netloc and host is not None and _is_host(host)
    )


def _is_visible(text: str) -> bool:
    """No spaces, control characters or invisible marks (they turn an address around)."""
    return all(
        unicodedata.category(character)[0] not in "CZ" and character not in _NEVER for character in text
    )


def _is_host(host: str) -> bool:
    # urlsplit leaves a colon in a host only between brackets, where it has checked the address
    return ":" in host or all(_LABEL.fullmatch(label) for label in host.removesuffix(".").split("."))


def _is_own_page(address: str, coalition_slug: str) -> bool:
    """Decoded once, as a server does, so that "%2e%2e" and "%2f" hide nothing."""
    decoded = unquote(address)
    return (
        bool(coalition_slug)
        and decoded.startswith(f"/c/{coalition_slug}/")
        and address.startswith(f"/c/{coalition_slug}/")
        and "//" not in decoded
        and ".." not in decoded
        and "/./" not in decoded
        and _is_visible(decoded.replace(" ", ""))
    )
