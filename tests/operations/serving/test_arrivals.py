"""A request takes a thread when all of it is here: its stages, letter by letter."""

import time

import pytest

from engage.limits import MOST_BODY_BYTES
from engage.operations.serving.arrivals import MOST_HEAD_BYTES, Arrival, Arriving

GET = b"GET / HTTP/1.1\r\nHost: a.example\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: a.example\r\nContent-Length: 11\r\n\r\ntitle=hello"
CHUNKS = b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\na=\r\n0\r\n\r\n"


@pytest.mark.parametrize("request_", [GET, POST, POST.replace(b"Content-Length", b"content-length"), CHUNKS])
def test_a_request_is_whole_with_its_last_letter_and_not_before(request_: bytes) -> None:
    assert {Arriving(request_[:end]).stage() for end in range(len(request_))} == {Arrival.PARTLY}
    assert Arriving(request_).stage() is Arrival.WHOLE


def test_what_follows_a_request_is_the_next_ones() -> None:
    assert Arriving(GET + POST[:20]).stage() is Arrival.WHOLE


@pytest.mark.parametrize(
    ("arrived", "expected"),
    [
        (POST.replace(b"11", str(MOST_BODY_BYTES + 1).encode()), Arrival.TOO_LONG),
        (POST.replace(b"11", str(MOST_BODY_BYTES).encode()), Arrival.PARTLY),
        (b"GET / HTTP/1.1\r\nX: " + b"a" * MOST_HEAD_BYTES, Arrival.NONSENSE),
        (b"\r\n\r\n" + GET, Arrival.NONSENSE),
        (CHUNKS[:-5] + b"a" * MOST_BODY_BYTES, Arrival.NONSENSE),
        (POST.replace(b"11", b"0" * 23 + b"99"), Arrival.NONSENSE),
        (CHUNKS.replace(b"2\r\n", b"FF\r\n"), Arrival.PARTLY),
        (CHUNKS.replace(b"a=\r\n", b"a="), Arrival.NONSENSE),
        (CHUNKS.replace(b"2\r\n", b"two\r\n"), Arrival.NONSENSE),
        (CHUNKS.replace(b"2\r\n", b"2" * 2000), Arrival.NONSENSE),
        (CHUNKS[:-2] + b"X: " + b"a" * 2000, Arrival.NONSENSE),
    ],
    ids=[
        "longer than any form",
        "as long as a form",
        "headers without an end",
        "nothing first",
        "chunks on end",
        "a length that looks like none",
        "an end within a chunk",
        "a chunk without an end",
        "a length in words",
        "a length without an end",
        "headers without an end after chunks",
    ],
)
def test_what_never_ends_does_not_wait_for_its_end(arrived: bytes, expected: Arrival) -> None:
    assert Arriving(arrived).stage() is expected


def test_of_what_is_too_long_the_head_stays_and_the_rest_is_counted() -> None:
    promised = POST.replace(b"11", b"9000000")
    head, left = Arriving(promised).without_body()
    assert (head + b"title=hello", left) == (promised, 9_000_000 - 11)
    assert Arriving(head).stage() is Arrival.TOO_LONG


@pytest.mark.parametrize("last", [b"0\r\n\r\n", b"0;a=b\r\nX: y\r\n\r\n"])
def test_chunks_are_followed_letter_by_letter_to_the_last_one(last: bytes) -> None:
    chunks = CHUNKS[:-5] + b"a;b\r\n0\r\n\r\n0\r\n\r\n\r\n" + last
    arriving = Arriving()
    for number in chunks[:-1]:
        arriving.append(number)
        assert arriving.stage() is Arrival.PARTLY
    arriving.append(chunks[-1])
    assert arriving.stage() is Arrival.WHOLE


def test_many_small_chunks_are_not_read_again_with_each_piece() -> None:
    arriving = Arriving(CHUNKS[:-5] + b"1\r\na\r\n" * 100_000)
    assert arriving.stage() is Arrival.PARTLY
    began = time.process_time()
    for _piece in range(1000):
        arriving += b"1\r\na\r\n"
        assert arriving.stage() is Arrival.PARTLY
    assert time.process_time() - began < 1
