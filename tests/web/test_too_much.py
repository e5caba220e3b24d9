"""A body or an address that is too large costs the server little, and is not sent back."""

import time

import pytest

from engage.limits import MOST_ADDRESS_BYTES, MOST_QUOTED, MOST_TYPED
from tests.client import EngageClient
from tests.web.test_bounds import MULTIPART, URLENCODED, body_of

HEADS = b"--part\r\n" + b"A: b\r\n" * 300_000 + b"\r\n"
PART = body_of(MULTIPART, 1).encode().removesuffix(b"--part--\r\n")
BODIES = {
    "more than a form has": (URLENCODED, b"a" * 2_900_000),
    "empty fields": (URLENCODED, b"a=&" * 680_000),
    "empty parts": (MULTIPART, PART * 29_000),
    "heads of parts": (MULTIPART, HEADS),
    "quoted letters": (URLENCODED, b"email=" + b"%C3%A9" * 340_000),
    "a line that no one types": (URLENCODED, b"email=" + b"'" * 2_000_000),
}
# It is measured again if something else took the processor; a page takes five milliseconds.
TRIES, MOST_SECONDS, MOST_BYTES = 5, 0.02, 5_000


@pytest.mark.parametrize("what", BODIES)
def test_too_large_a_body_is_refused_at_little_cost(client: EngageClient, what: str) -> None:
    kind, body = BODIES[what]
    costs = []
    for _try in range(TRIES):
        began = time.thread_time()
        answer = client.post("/sign-in", data=body, content_type=kind)
        costs.append(time.thread_time() - began)
        assert answer.status_code == 413
        assert len(answer.data) < MOST_BYTES
    assert min(costs) < MOST_SECONDS


@pytest.mark.parametrize("address", ["/" + "a" * MOST_ADDRESS_BYTES, "/sign-in?next=" + "%C3%A9" * 700])
def test_too_long_an_address_is_refused_at_little_cost(client: EngageClient, address: str) -> None:
    costs = []
    for _try in range(TRIES):
        began = time.thread_time()
        answer = client.get(address)
        costs.append(time.thread_time() - began)
        assert (answer.status_code, len(answer.data) < 100) == (414, True)
    assert min(costs) < MOST_SECONDS


@pytest.mark.parametrize("pasted", ["a" * MOST_TYPED, "é" * (MOST_QUOTED // 2 - 50)])
def test_what_someone_might_paste_is_still_answered_in_words(client: EngageClient, pasted: str) -> None:
    page = client.send("/sign-in", email=pasted)
    assert page.status == 422
    assert not page.has("That is too much at once")
