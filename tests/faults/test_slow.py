"""Slow clients keep no one else waiting: behind nginx whatever they do, without it whatever they send."""

import math
import shutil

import pytest

from tests.faults import slow
from tests.faults.houses import house
from tests.faults.proxies import nginx

pytestmark = [pytest.mark.slow, pytest.mark.real_clock]


def test_connections_that_say_nothing_hold_no_thread_and_no_stopping_server() -> None:
    with house() as made:
        made.start()
        assert slow.others_wait(made.port, slow.silence, slow.SLOW, seconds=1) < math.inf
        with slow.attack(made.port, slow.silence, 5):
            made.stop()


def test_headers_and_forms_letter_by_letter_hold_no_thread() -> None:
    with house() as made:
        made.start()
        for drip in (slow.body, slow.headers, slow.chunk, slow.hidden_length, slow.too_long):
            assert slow.others_wait(made.port, drip, slow.SLOW, seconds=1) < math.inf


def test_a_file_that_is_far_too_large_is_refused_in_words() -> None:
    with house() as made:
        made.start()
        answer = made.browser().post("/sign-in", email="a" * 8_000_000)
        assert answer.status == 413
        assert "That is too much at once" in answer.text
        # Whoever keeps connections is told that this one ends.
        assert answer.headers["Connection"] == "close"


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx: .ci/run installs it")
def test_behind_nginx_headers_and_forms_letter_by_letter_keep_no_one_waiting() -> None:
    with house() as made:
        made.start()
        with nginx(made.port) as port:
            for drip in (slow.headers, slow.body):
                assert slow.others_wait(port, drip, slow.SLOW, seconds=1) < math.inf
