"""Tests that a request's own word on where it comes from and which site it asked for is not believed."""

import shutil

import pytest

from tests.faults import proxies
from tests.faults.installations import installation
from tests.faults.rows import Row

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]


@pytest.mark.skipif(shutil.which("nginx") is None, reason="needs nginx: .ci/run installs it")
@pytest.mark.parametrize("client", ["$remote_addr", "$proxy_add_x_forwarded_for"])
def test_behind_nginx_forged_headers_dodge_no_throttle_and_poison_no_link(client: str) -> None:
    made_row = Row("forged headers")
    with installation(url=f"https://{proxies.SITE}") as made:
        proxies.behind(made, client, len(proxies.LIES), made_row)
    assert not made_row.broken, made_row


def test_without_a_proxy_no_such_header_is_believed() -> None:
    made_row = Row("forged headers")
    with installation() as made:
        proxies.straight(made, made_row)
    assert not made_row.broken, made_row
