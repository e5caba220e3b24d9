"""Tests which addresses may be shown as links, followed by a redirect, or name a page of a coalition."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.addresses import LONGEST, is_inside, is_page_of, is_web_address, web_address_in

WEB_ADDRESSES = [
    "https://example.org",
    "https://example.org/",
    "http://example.org/minutes.pdf",
    "HTTPS://Example.ORG/x",
    "https://example.org:8443/a?b=c&d=e#f",
    "https://example.org/a%20b",
    "https://docs.example.org/d/1-_~x/edit?next=https://example.org/a@b",
    "https://b\u00fccher.example/stra\u00dfe",
    "http://192.0.2.1/x",
    "http://[2001:db8::1]:8080/x",
    "http://localhost:8000/",
    "https://example.org/" + "a" * (LONGEST - 20),
]
PAGES = [
    "/c/river-county/",
    "/c/river-county/plan/actions/14",
    "/c/river-county/meetings/?kind=general&page=2#line-3",
]
NEITHER = [
    "",
    " ",
    "example.org",
    "www.example.org/x",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "java\tscript:alert(1)",
    "javascript://example.org/%0aalert(1)",
    "data:text/html,<b>x</b>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://example.org/x",
    "mailto:ana@example.org",
    "tel:911",
    "blob:https://example.org/x",
    "//example.org/x",
    "///example.org/x",
    "http:/example.org",
    "http:example.org",
    "https:///x",
    "https://",
    "https://:443/x",
    "https://?x",
    "https://.",
    "https://-x-/",
    "https://a..b/",
    "https://ana@example.org/",
    "https://ana:secret@example.org/",
    "https://example.org:99999/",
    "https://example.org:port/",
    "https://[::1/",
    "https://[x]/",
    "https://exa%6dple.org/",
    "https://example.org/a b",
    "https://example.org/a\tb",
    "https://example.org/a\nb",
    "https://example.org/\x00",
    "https://example.org/\u202egpj.exe",
    "https://exam\u200bple.org/",
    "https://example.org\\@other.example/",
    'https://example.org/"onclick="x',
    "https://example.org/<b>",
    " https://example.org/",
    "https://example.org/ ",
    "https://example.org/" + "a" * (LONGEST - 19),
    "/",
    "/c/river-county",
    "/c/other-county/plan/",
    "/c/river-county-2/plan/",
    "/c/RIVER-COUNTY/plan/",
    "/c//plan/",
    "/account/",
    "c/river-county/plan/",
    "/c/river-county//example.org",
    "/c/river-county/../other-county/",
    "/c/river-county/..",
    "/c/river-county/%2e%2e/other-county/",
    "/c/river-county/%2E./other-county/",
    "/c/river-county/%2f/example.org",
    "/c/river-county/%5c..%5cx",
    "/c/river-county/./x",
    "/c/river-county/\\example.org",
    "/c/river-county/%00",
    "/c/river-county/%0d%0aSet-Cookie:x",
    "/%63/river-county/plan/",
    "/\\example.org",
    "/\t/example.org",
]


@pytest.mark.parametrize("address", WEB_ADDRESSES)
def test_an_address_in_the_net_is_known_as_one(address: str) -> None:
    assert is_web_address(address)
    assert not is_page_of(address, "river-county")


@pytest.mark.parametrize("address", PAGES)
def test_a_page_of_the_coalition_is_known_as_one(address: str) -> None:
    assert is_page_of(address, "river-county")
    assert not is_web_address(address)


@pytest.mark.parametrize("address", NEITHER)
def test_anything_else_is_neither(address: str) -> None:
    assert not is_web_address(address)
    assert not is_page_of(address, "river-county")


def test_without_a_slug_no_page_is_this_coalitions() -> None:
    assert not is_page_of("/c//plan/", "")
    assert not is_page_of("/c/plan/", "")


@pytest.mark.parametrize(
    ("address", "inside"),
    [
        ("/c/river-county/", True),
        ("/account/?from=mail", True),
        ("//example.org/", False),
        ("/\\example.org/", False),
        ("/\t/example.org/", False),
        ("https://example.org/", False),
        ("", False),
    ],
)
def test_a_redirect_stays_inside(address: str, inside: bool) -> None:
    assert is_inside(address) is inside


@given(st.text(alphabet=st.characters(), max_size=60), st.sampled_from(["", "https://", "http://[", "/c/a/"]))
def test_every_address_gets_an_answer(rest: str, start: str) -> None:
    assert is_web_address(start + rest) in {True, False}
    assert is_page_of(start + rest, "a") in {True, False}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("https://example.org/help", "https://example.org/help"),
        ("http://localhost/", "http://localhost/"),
        ("example.org", "https://example.org"),
        ("drive.example.org/d/1", "https://drive.example.org/d/1"),
        ("facebook", None),
        ("not an address", None),
        ("javascript:alert(1)", None),
        ("data:text/html,x", None),
        ("//evil.example", None),
        ("who:secret@example.org", None),
    ],
)
def test_a_web_address_may_be_typed_without_its_beginning(typed: str, meant: str | None) -> None:
    assert web_address_in(typed) == meant
