"""A disk that is really full, and gets space again under the running server."""

import os

import pytest

from tests.faults import full_disk

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may mount a small disk; test_errors.py goes without")
def test_a_full_disk_keeps_what_was_typed_and_goes_on_with_more_space() -> None:
    made = full_disk.run(left=2)
    assert not made.broken, made
    assert int(made.counts["refused with 507"]) == 20 and int(made.counts["acknowledged"]) > 20, made
