"""Rules of signing in with a provider's account: what is kept on the way there, and which answers count."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from msgspec import Struct

# How long a person may take at the provider.
GONE_FOR = timedelta(minutes=10)
# How long the provider's answer about someone without an account here is kept in the browser.
VOUCHED_FOR = timedelta(minutes=30)
# How long the mailed link works that ties an account of a provider.
LINK_LIFE = timedelta(minutes=10)
# A person may go to a provider in this many tabs at once.
TABS = 3
SUBJECT_LONGEST = 255
# A provider's clock may be wrong by this much.
CLOCKS_DIFFER = timedelta(minutes=2)

# These signatures are made with a key that only the provider has.
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA")


class Purpose(StrEnum):
    """Why a person goes to a provider."""

    SIGN_IN = "sign_in"
    JOIN = "join"
    TIE = "tie"
    AGAIN = "again"


class Trouble(StrEnum):
    """Why a provider's answer signs no one in."""

    NO_COOKIE = "no_cookie"
    USED = "used"
    STOPPED = "stopped"
    NO_ANSWER = "no_answer"
    WRONG = "wrong"
    NO_ADDRESS = "no_address"
    TIED_ELSEWHERE = "tied_elsewhere"
    TIED_ANOTHER = "tied_another"
    OTHER_PERSON = "other_person"
    NOT_FRESH = "not_fresh"
    SIGNED_OUT = "signed_out"


class Journey(Struct, frozen=True, kw_only=True):
    """A way to a provider and back, as kept in this browser's session.

    State, nonce and verifier (PKCE) are random, and bind the provider's answer to this browser. `user_id` is
    the signed-in person, 0 if there is none.
    """

    state: str
    nonce: str
    verifier: str
    issuer: str
    purpose: Purpose
    wanted: str = ""
    is_own: bool = False
    user_id: int = 0
    at: int


class Vouched(Struct, frozen=True, kw_only=True):
    """Whom a provider vouches for. `email` is empty unless the provider has verified the address."""

    issuer: str
    subject: str
    name: str = ""
    email: str = ""
    # When the person last proved at the provider who they are; None if it does not say.
    proved_at: int | None = None
    at: int = 0


def is_over(at: int, now: datetime, life: timedelta) -> bool:
    """Returns whether what began then is over; also if it began in the future, while a clock was wrong."""
    return not timedelta() <= now - datetime.fromtimestamp(at, now.tzinfo) <= life


def is_from(issuer: str, told: str | None, *, always_told: bool) -> bool:
    """Returns whether an answer names this issuer, or none if the provider does not promise it (RFC 9207)."""
    return told == issuer if told is not None else not always_told


def verified_address(claims: Mapping[str, object]) -> str:
    """Returns the address that the provider says it has verified; else empty, as always with Microsoft."""
    email = claims.get("email")
    return email if claims.get("email_verified") is True and isinstance(email, str) else ""


def counts_as_proof(proved_at: int | None, started_at: int, *, has_password: bool) -> bool:
    """Returns whether the provider's answer stands for the password before a sensitive change.

    The person must have proved at the provider, since they left for it, who they are. Some providers do not
    say when that was: then the answer counts only for someone who has no password here.
    """
    if proved_at is None:
        return not has_password
    return proved_at >= started_at - CLOCKS_DIFFER.total_seconds()


def is_endpoint(address: object, *, is_private: bool) -> bool:
    """Returns whether an address in the provider's metadata may be used: it must be https, unless it is private."""
    return isinstance(address, str) and urlsplit(address).scheme in (
        {"http", "https"} if is_private else {"https"}
    )
