"""An action's title that Engage wrote is read in one's own language."""

import pytest
from flask import Flask

from engage.extensions import in_language
from engage.plan.labels import title_as_read
from tests.client import EngageClient
from tests.factories import make_action, make_plan


@pytest.mark.parametrize(
    ("stored", "read"),
    [
        ("Renew or end: MOU with Grace Church", "Renovar o terminar: MOU con Grace Church"),
        ("Renew or end: Winter beds (Grace Church)", "Renovar o terminar: Winter beds (Grace Church)"),
        ("Renew the lease", "Renew the lease"),
    ],
)
def test_what_engage_drafted_for_an_agreement_is_said_in_spanish(app: Flask, stored: str, read: str) -> None:
    with app.test_request_context(), in_language("es"):
        assert title_as_read(stored) == read
    with app.test_request_context(), in_language("en"):
        assert title_as_read(stored) == stored
        assert title_as_read(read) == stored


def test_the_board_and_the_actions_page_say_it_in_the_readers_language(coordinator: EngageClient) -> None:
    action = make_action(make_plan(), title="Renew or end: Pledge by Grace Church")
    spanish = {"Accept-Language": "es-MX"}
    for page in (f"/c/riverbend/plan/actions/{action.number}", "/c/riverbend/plan/"):
        shown = coordinator.page(page, headers=spanish).text("main")
        assert "Grace Church" in shown and "Renew or end" not in shown
