"""Gives each journey the sample coalition as it was, its coordinator on Home, and a counting hand."""

import pytest

from tests.browser.conftest import NewPage
from tests.browser.journeys.hand import Hand
from tests.browser.servers import Server, sign_in
from tests.browser.words import Words, speak


@pytest.fixture(params=["en", "es"])
def hand(request: pytest.FixtureRequest, sample: Server, new_page: NewPage) -> Hand:
    page = new_page(sample)
    sign_in(page, sample.account("coordinator"))
    speak(page, sample, request.param)
    page.goto("/c/riverbend-county/")
    return Hand(page, Words(request.param))
