"""Keeps in this browser's session what is needed between leaving for a provider and coming back.

The cookie is signed: whoever has this browser can read it, and no one can change it.
"""

import secrets

import msgspec
from flask import session

from engage import clock
from engage.accounts.providers.rules import (
    GONE_FOR,
    TABS,
    VOUCHED_FOR,
    Journey,
    Purpose,
    Vouched,
    is_over,
)
from engage.settings import Provider
from engage.tokens import new_token

_JOURNEYS, _VOUCHED, _PROVED = "provider_journeys", "provider_vouched", "provider_proved"


def begin(
    provider: Provider, purpose: Purpose, *, wanted: str = "", is_own: bool = False, user_id: int = 0
) -> Journey:
    """Begins a way to a provider and back; the oldest of several is forgotten."""
    journey = Journey(
        state=new_token(),
        nonce=new_token(),
        verifier=secrets.token_urlsafe(48),
        issuer=provider.issuer,
        purpose=purpose,
        wanted=wanted,
        is_own=is_own,
        user_id=user_id,
        at=_now(),
    )
    others = [each for each in session.get(_JOURNEYS, []) if isinstance(each, dict)]
    session[_JOURNEYS] = [*others[-(TABS - 1) :], msgspec.to_builtins(journey)]
    return journey


def take(state: str) -> Journey | None:
    """Returns the way that began with this state, which is over now; None if there is none, or it took too long."""
    kept = [msgspec.convert(each, Journey) for each in session.get(_JOURNEYS, [])]
    found = next((each for each in kept if secrets.compare_digest(each.state.encode(), state.encode())), None)
    if found is None:
        return None
    session[_JOURNEYS] = [msgspec.to_builtins(each) for each in kept if each is not found]
    return None if is_over(found.at, clock.now(), GONE_FOR) else found


def keep(person: Vouched) -> None:
    """Keeps whom a provider vouched for, so that an account can be made for them, or tied."""
    session[_VOUCHED] = msgspec.to_builtins(person)


def vouched() -> Vouched | None:
    """Returns whom a provider vouched for in this browser a moment ago, without an account here yet."""
    kept = session.get(_VOUCHED)
    found = msgspec.convert(kept, Vouched) if kept else None
    return None if found is None or is_over(found.at, clock.now(), VOUCHED_FOR) else found


def note_proof(user_id: int) -> None:
    """Records that a provider vouched for this person again, before they give the code of two-step sign-in."""
    session[_PROVED] = [user_id, _now()]


def has_proved(user_id: int) -> bool:
    """Returns whether a provider vouched for this person again a moment ago."""
    whose, at = session.get(_PROVED, (0, 0))
    return whose == user_id and not is_over(at, clock.now(), GONE_FOR)


def use_proof() -> None:
    session.pop(_PROVED, None)


def _now() -> int:
    return int(clock.now().timestamp())
