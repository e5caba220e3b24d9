"""Speaks OpenID Connect with a provider: discovery, the address to go to, and the check of what comes back.

Authlib and joserfc know the protocol; requests go through our own guard (`web.outgoing`). Authlib is imported
only when someone signs in with a provider. No function here runs a query.
"""

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from time import monotonic
from typing import Any
from urllib.parse import urlencode

from msgspec import Struct

from engage import clock
from engage.accounts.providers.rules import (
    ALGORITHMS,
    CLOCKS_DIFFER,
    SUBJECT_LONGEST,
    Journey,
    Purpose,
    Trouble,
    Vouched,
    is_endpoint,
    is_from,
    verified_address,
)
from engage.settings import Provider
from engage.web.outgoing import Guard, NoAnswer

# Seconds for one request, and how long metadata and keys are kept.
SECONDS, KEPT = 5.0, 3600.0
# Each person who waits for a provider holds one of the server's four threads.
AT_ONCE, TURN_SECONDS = 2, 2.0
_turns = threading.BoundedSemaphore(AT_ONCE)
# Only a signature or a key that is not known makes the keys be fetched again.
_KEY_TYPES = {"RSA", "EC", "OKP"}


class ProviderFailed(Exception):
    """The provider's answer signs no one in; `why` is for the log and names no person."""

    def __init__(self, trouble: Trouble, why: str = "") -> None:
        super().__init__(why or trouble)
        self.trouble, self.why = trouble, why or str(trouble)


class _Known(Struct):
    """What a provider said of itself, and its keys."""

    metadata: dict[str, Any]
    fetched: float
    keys: list[dict[str, Any]] | None = None


_known: dict[str, _Known] = {}


def forget() -> None:
    """Forgets what providers said of themselves."""
    _known.clear()


def _guard(provider: Provider) -> Guard:
    return Guard(allows=lambda _address: True, ports=None) if provider.is_private else Guard()


def _fetch(provider: Provider, address: str, **more: Any) -> tuple[int, dict[str, Any]]:
    try:
        return _guard(provider).fetch(address, seconds=SECONDS, **more)
    except NoAnswer as error:
        raise ProviderFailed(Trouble.NO_ANSWER, f"no answer: {error}") from None


@contextmanager
def _turn() -> Iterator[None]:
    if not _turns.acquire(timeout=TURN_SECONDS):
        raise ProviderFailed(Trouble.NO_ANSWER, "too many people wait for providers")
    try:
        yield
    finally:
        _turns.release()


def _about(provider: Provider) -> _Known:
    """Returns what the provider says of itself; the issuer that it names must be the setting's."""
    known = _known.get(provider.issuer)
    if known is not None and monotonic() - known.fetched < KEPT:
        return known
    status, metadata = _fetch(provider, f"{provider.issuer.rstrip('/')}/.well-known/openid-configuration")
    if status != 200:
        raise ProviderFailed(Trouble.NO_ANSWER, f"discovery answered {status}")
    if metadata.get("issuer") != provider.issuer:
        raise ProviderFailed(Trouble.WRONG, "its metadata name another issuer than ENGAGE_OIDC_..._ISSUER")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not is_endpoint(metadata.get(name), is_private=provider.is_private):
            raise ProviderFailed(Trouble.WRONG, f"its metadata have no usable {name}")
    known = _known[provider.issuer] = _Known(metadata, monotonic())
    return known


def _keys(provider: Provider, known: _Known, *, anew: bool = False) -> list[dict[str, Any]]:
    if known.keys is None or anew:
        status, found = _fetch(provider, known.metadata["jwks_uri"])
        keys = found.get("keys")
        if status != 200 or not isinstance(keys, list):
            raise ProviderFailed(Trouble.NO_ANSWER, f"its keys answered {status}")
        known.keys = [
            key
            for key in keys
            if isinstance(key, dict) and key.get("kty") in _KEY_TYPES and key.get("use", "sig") == "sig"
        ]
    return known.keys


def address_of(provider: Provider, journey: Journey, back: str) -> str:
    """Returns the provider's page to which the person goes. Raises ProviderFailed."""
    from authlib.oauth2 import OAuth2Client

    with _turn():
        endpoint = _about(provider).metadata["authorization_endpoint"]
    # Only someone who joins needs a name and an address.
    scope = "openid email profile" if journey.purpose is Purpose.JOIN else "openid"
    client = OAuth2Client(
        None, provider.client_id, redirect_uri=back, scope=scope, code_challenge_method="S256"
    )
    more: dict[str, str] = {}
    if journey.purpose is Purpose.AGAIN:
        more = {"max_age": "0", "prompt": "select_account"}
    elif not journey.is_own:
        more = {"prompt": "select_account"}  # who used a shared computer before may still be signed in there
    address, _state = client.create_authorization_url(
        endpoint, state=journey.state, code_verifier=journey.verifier, nonce=journey.nonce, **more
    )
    return str(address)


def vouched_by(provider: Provider, journey: Journey, back: str, answer: Mapping[str, str]) -> Vouched:
    """Returns whom the provider vouches for, by the parameters with which it sent the browser back.

    Raises ProviderFailed.
    """
    with _turn():
        known = _about(provider)
        promised = known.metadata.get("authorization_response_iss_parameter_supported") is True
        if not is_from(provider.issuer, answer.get("iss"), always_told=promised):
            raise ProviderFailed(Trouble.WRONG, "the answer names another issuer")
        if "error" in answer:
            stopped = answer["error"] in {"access_denied", "interaction_required", "login_required"}
            raise ProviderFailed(
                Trouble.STOPPED if stopped else Trouble.WRONG, f"it answered {answer['error'][:40]!r}"
            )
        token = _token(provider, known, journey, back, answer.get("code", ""))
        claims = _claims(provider, known, journey, token)
    subject = claims.get("sub")
    if not isinstance(subject, str) or not 0 < len(subject) <= SUBJECT_LONGEST or not subject.isprintable():
        raise ProviderFailed(Trouble.WRONG, "the subject is not usable")
    name, proved_at = claims.get("name"), claims.get("auth_time")
    return Vouched(
        issuer=provider.issuer,
        subject=subject,
        name=name if isinstance(name, str) else "",
        email=verified_address(claims),
        proved_at=int(proved_at) if isinstance(proved_at, int | float) else None,
        at=int(clock.now().timestamp()),
    )


def _token(provider: Provider, known: _Known, journey: Journey, back: str, code: str) -> dict[str, Any]:
    """Exchanges the code for tokens; only someone with the secret and this browser's verifier can do so."""
    from authlib.oauth2 import ClientAuth

    endpoint = known.metadata["token_endpoint"]
    methods = known.metadata.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
    method = "client_secret_basic" if "client_secret_basic" in methods else "client_secret_post"
    fields = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": back,
        "code_verifier": journey.verifier,
    }
    auth = ClientAuth(provider.client_id, provider.client_secret, method)
    _address, headers, body = auth.prepare("POST", endpoint, {}, urlencode(fields))
    status, token = _fetch(provider, endpoint, body=body, headers=headers)
    if status != 200 or not isinstance(token.get("id_token"), str):
        if status >= 500:
            raise ProviderFailed(Trouble.NO_ANSWER, f"the token endpoint answered {status}")
        if token.get("error") == "invalid_grant":
            raise ProviderFailed(Trouble.USED, "the code was used or is too old")
        raise ProviderFailed(
            Trouble.WRONG, f"the token endpoint answered {status} {str(token.get('error'))[:40]!r}"
        )
    return token


def _claims(provider: Provider, known: _Known, journey: Journey, token: dict[str, Any]) -> dict[str, Any]:
    """Returns what the ID token says, once signature, issuer, audience, nonce and times are right."""
    from authlib.oidc.core import CodeIDToken
    from joserfc.errors import BadSignatureError, InvalidKeyIdError, JoseError

    try:
        try:
            read = _decoded(known, _keys(provider, known), token["id_token"])
        except (BadSignatureError, InvalidKeyIdError):
            read = _decoded(known, _keys(provider, known, anew=True), token["id_token"])
        claims = CodeIDToken(
            read.claims,
            read.header,
            {
                "iss": {"essential": True, "value": provider.issuer},
                "aud": {"essential": True, "value": provider.client_id},
            },
            {
                "nonce": journey.nonce,
                "client_id": provider.client_id,
                "access_token": token.get("access_token"),
            },
        )
        claims.validate(now=int(clock.now().timestamp()), leeway=int(CLOCKS_DIFFER.total_seconds()))
    except (JoseError, ValueError, TypeError, KeyError) as error:
        raise ProviderFailed(Trouble.WRONG, f"the ID token is refused: {str(error)[:80]}") from None
    return dict(claims)


def _decoded(known: _Known, keys: list[dict[str, Any]], token: str) -> Any:
    from joserfc import jwt
    from joserfc.jwk import KeySet
    from joserfc.jws import JWSRegistry

    signs = known.metadata.get("id_token_signing_alg_values_supported") or ["RS256"]
    # An algorithm that the metadata do not name, or one without a key of the provider's own, is refused.
    allowed = [name for name in ALGORITHMS if name in signs]
    registry = JWSRegistry(algorithms=allowed, strict_check_header=False)
    return jwt.decode(token, KeySet.import_key_set({"keys": keys}), registry=registry)
