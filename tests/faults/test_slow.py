"""Slow clients keep no one else waiting: behind nginx whatever they do, without it whatever they send."""

import math
import shutil
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from bench.processes import Running
from tests.faults import kill, slow
from tests.faults.installations import installation
from tests.faults.proxies import nginx

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]


def test_connections_that_say_nothing_hold_no_thread_and_no_stopping_server() -> None:
    with installation() as made:
        made.start()
        assert slow.others_wait(made.port, slow.silence, slow.SLOW, seconds=1) < math.inf
        with slow.attack(made.port, slow.silence, 5):
            made.stop()


@pytest.mark.parametrize(
    ("drip", "many"),
    [
        (slow.body, 300),
        (slow.headers, 1200),
        (slow.chunk, slow.SLOW),
        (slow.hidden_length, slow.SLOW),
        (slow.too_long, slow.SLOW),
    ],
)
def test_what_arrives_letter_by_letter_holds_no_thread(drip: slow.Dripping, many: int) -> None:
    with installation() as made:
        made.start()
        assert slow.others_wait(made.port, drip, many, seconds=2) < math.inf


def test_who_reads_in_sips_holds_no_thread() -> None:
    with installation() as made:
        sips = slow.readers(made)
        assert slow.others_wait(made.port, sips, 300, seconds=2) < math.inf


@pytest.mark.parametrize(("size", "words"), [(8_000_000, "That is too much at once"), (17_000_000, "")])
def test_a_file_that_is_far_too_large_is_refused(size: int, words: str) -> None:
    with installation() as made:
        made.start()
        browser = made.browser()
        with suppress(ConnectionError):  # who refuses by the length alone need not wait for the rest
            answer = browser.post("/sign-in", email="a" * size)
            assert answer.status == 413
            assert words in answer.text
        assert browser.get("/sign-in").status == 200


def test_a_hundred_and_fifty_small_writes_take_a_second_of_the_processor() -> None:
    with installation() as made:
        writers = kill.writers(made, 8)
        made.start()
        for each in writers:
            each.browser.sign_in(each.email)
        assert made.process is not None
        server = Running(made.port, made.process.pid, 0)
        before = server.worked()
        with ThreadPoolExecutor(8) as people:
            list(people.map(lambda each: [each.tick(4 * turn) for turn in range(19)], writers))
        assert sum(each.acknowledged for each in writers) == 8 * 19
        assert server.worked() - before < 1000


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx: .ci/run installs it")
def test_behind_nginx_headers_and_forms_letter_by_letter_keep_no_one_waiting() -> None:
    with installation() as made:
        made.start()
        with nginx(made.port) as port:
            for drip in (slow.headers, slow.body):
                assert slow.others_wait(port, drip, slow.SLOW, seconds=1) < math.inf
