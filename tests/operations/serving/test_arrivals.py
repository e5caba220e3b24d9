"""A request takes a thread when all of it is here: its stages, letter by letter."""

import pytest

from engage.limits import MOST_BODY_BYTES
from engage.operations.serving.arrivals import MOST_HEAD_BYTES, Arrival, stage, without_body

GET = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 11\r\n\r\ntitle=hello"
CHUNKS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na=\r\n0\r\n\r\n"


@pytest.mark.parametrize("request_", [GET, POST, POST.replace(b"Content-Length", b"content-length"), CHUNKS])
def test_a_request_is_whole_with_its_last_letter_and_not_before(request_: bytes) -> None:
    assert {stage(request_[:end]) for end in range(len(request_))} == {Arrival.PARTLY}
    assert stage(request_) is Arrival.WHOLE


def test_what_follows_a_request_is_the_next_ones() -> None:
    assert stage(GET + POST[:20]) is Arrival.WHOLE


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        (POST.replace(b"11", str(MOST_BODY_BYTES + 1).encode()), Arrival.TOO_LONG),
        (POST.replace(b"11", str(MOST_BODY_BYTES).encode()), Arrival.PARTLY),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * MOST_HEAD_BYTES, Arrival.NONSENSE),
        (b"\r\n\r\n" + GET, Arrival.NONSENSE),
        (CHUNKS[:-5] + b"a" * MOST_BODY_BYTES, Arrival.NONSENSE),
    ],
    ids=[
        "longer than any form",
        "as long as a form",
        "headers without an end",
        "nothing first",
        "chunks on end",
    ],
)
def test_what_never_ends_does_not_wait_for_its_end(arrived: bytes, expected: Arrival) -> None:
    assert stage(arrived) is expected


def test_of_what_is_too_long_the_head_stays_and_the_rest_is_counted() -> None:
    promised = POST.replace(b"11", b"9000000")
    head, left = without_body(promised)
    assert (head + b"title=hello", left) == (promised, 9_000_000 - 11)
    assert stage(head) is Arrival.TOO_LONG
