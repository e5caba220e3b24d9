"""Tests which answers of a provider count, without a provider."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.accounts.providers.rules import (
    counts_as_proof,
    is_endpoint,
    is_from,
    is_over,
    verified_address,
)
from engage.settings import ConfigError, Provider, providers

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
AT = int(NOW.timestamp())
GOOGLE = {
    "ENGAGE_OIDC_1_NAME": "Google",
    "ENGAGE_OIDC_1_ISSUER": "https://accounts.google.com",
    "ENGAGE_OIDC_1_CLIENT_ID": "engage",
    "ENGAGE_OIDC_1_CLIENT_SECRET": "secret",
}


@pytest.mark.parametrize(
    ("claims", "address"),
    [
        ({"email": "a@b.org", "email_verified": True}, "a@b.org"),
        ({"email": "a@b.org", "email_verified": "true"}, ""),
        ({"email": "a@b.org", "email_verified": False}, ""),
        ({"email": "a@b.org", "email_verified": 1}, ""),
        ({"email": "a@b.org"}, ""),
        ({"email": ["a@b.org"], "email_verified": True}, ""),
        ({}, ""),
    ],
)
def test_only_an_address_that_the_provider_says_it_has_verified_counts(
    claims: dict[str, object], address: str
) -> None:
    assert verified_address(claims) == address


@pytest.mark.parametrize(
    ("told", "promised", "right"),
    [
        ("https://a", False, True),
        ("https://b", False, False),
        ("", True, False),
        (None, False, True),
        (None, True, False),
    ],
)
def test_an_answer_of_another_issuer_is_none_of_this_one(
    told: str | None, promised: bool, right: bool
) -> None:
    assert is_from("https://a", told, always_told=promised) is right


@pytest.mark.parametrize(
    ("proved_at", "has_password", "counts"),
    [
        (AT, True, True),
        (AT - 100, True, True),
        (AT - 121, True, False),
        (AT - 121, False, False),
        (None, True, False),
        (None, False, True),
    ],
)
def test_the_answer_stands_for_the_password_only_if_the_person_was_asked_again(
    proved_at: int | None, has_password: bool, counts: bool
) -> None:
    assert counts_as_proof(proved_at, AT, has_password=has_password) is counts


@pytest.mark.parametrize(("minutes", "over"), [(0, False), (10, False), (11, True), (-1, True)])
def test_a_way_to_a_provider_ends_and_never_begins_in_the_future(minutes: int, over: bool) -> None:
    assert is_over(AT, NOW + timedelta(minutes=minutes), timedelta(minutes=10)) is over


@pytest.mark.parametrize(
    ("address", "private", "public"),
    [
        ("https://a/x", True, True),
        ("http://a/x", True, False),
        ("file:///x", False, False),
        (None, False, False),
    ],
)
def test_a_provider_leads_only_to_https(address: object, private: bool, public: bool) -> None:
    assert is_endpoint(address, is_private=True) is private
    assert is_endpoint(address, is_private=False) is public


def test_a_provider_is_on_only_if_the_host_says_so() -> None:
    assert providers({}) == ()
    [google] = providers(GOOGLE)
    assert (google.name, google.issuer, google.is_private) == ("Google", "https://accounts.google.com", False)
    assert "secret" not in repr(google)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"CLIENT_ID": ""}, "CLIENT_ID is missing"),
        ({"CLIENT_SECRET": ""}, "CLIENT_SECRET is missing"),
        ({"NAME": ""}, "NAME is missing"),
        ({"NAME": "x" * 41}, "at most 40"),
        ({"ISSUER": "accounts.google.com"}, "must be the provider's issuer"),
        ({"ISSUER": "https://a.example/?x=1"}, "must be the provider's issuer"),
        ({"ISSUER": "http://sso.example.org"}, "must begin with https"),
        ({"ISSUER": "https://login.microsoftonline.com/common/v2.0"}, "one tenant"),
        ({"ISSUER": "https://login.microsoftonline.com/organizations/v2.0"}, "one tenant"),
        ({"PRIVATE": "yes"}, "PRIVATE must be on or off"),
        ({"CLIENT_SECRET_FILE": "/nowhere"}, "not both"),
    ],
)
def test_a_setting_that_cannot_work_stops_with_one_line(changes: dict[str, str], words: str) -> None:
    given = {**GOOGLE, **{f"ENGAGE_OIDC_1_{name}": value for name, value in changes.items()}}
    with pytest.raises(ConfigError, match=words):
        providers({name: value for name, value in given.items() if value})


def test_two_providers_have_two_issuers() -> None:
    second = {name.replace("_1_", "_2_"): value for name, value in GOOGLE.items()}
    with pytest.raises(ConfigError, match="same ISSUER"):
        providers({**GOOGLE, **second})
    found: tuple[Provider, ...] = providers({**GOOGLE, **second, "ENGAGE_OIDC_2_ISSUER": "https://b.example"})
    assert [each.number for each in found] == [1, 2]
