"""The clock of a running server jumps; the long list of jumps is in `make faults`."""

import pytest

from tests.faults import clocks

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]


@pytest.mark.skipif(clocks.library() is None, reason="needs faketime: .ci/run installs it")
def test_a_clock_that_jumps_locks_no_one_out_and_sends_no_mail_twice() -> None:
    jumps = {name: clocks.JUMPS[name] for name in ("an hour back", "past the end of a session")}
    made = clocks.run(jumps, days=(0, 399, 0))
    assert not made.broken, made
    assert made.counts["mails"] == 2 and int(made.counts["asked to sign in, with the text kept"]) > 0, made
