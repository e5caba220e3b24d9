"""What a phone stores of a person who answers, and when it lets go of it."""

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser import prepared, servers
from tests.browser.conftest import NewPage
from tests.browser.offline.phone import (
    KEPT,
    ROUND,
    SHOWN,
    begin_round,
    keeps,
    offline,
    open_link,
    refuse_storage,
    stored,
    waiting,
)
from tests.browser.servers import Server, sign_in

WAITS = "1 answer waits on this phone."


def answering(server: Server, new_page: NewPage) -> Page:
    """Opens a question of the round as the member, in a browser that keeps the questions."""
    page = new_page(server, errors_expected=True)
    sign_in(page, server.account("member"))
    begin_round(page)
    keeps(page)
    return page


def choose(page: Page, level: int) -> None:
    page.locator(f"input[value='{level}']:visible").check()
    expect(page.locator("#kept")).to_contain_text(WAITS)


def holds_nothing(page: Page) -> bool:
    found = stored(page)
    rows = [row for _name, _table, rows in found["tables"] for row in rows]
    return not (rows or found["pages"] or found["workers"] or found["local"])


def test_nothing_readable_is_stored_and_nothing_that_names_anyone(
    demo: Server, new_page: NewPage, record_property: Callable[[str, object], None]
) -> None:
    page = open_link(demo, new_page)
    token = page.url.split("/answer/")[1].split("/")[0]
    title = page.locator(".crumbs a").first.inner_text()
    with offline(page):
        choose(page, 2)
        page.get_by_role("button", name="Continue").click()
        page.wait_for_url(f"**{KEPT}#after-*")
        page.locator(f"{SHOWN} input[value='4']").check()
        expect(page.locator("#kept")).to_contain_text("2 answers wait")
        found = stored(page)
    tables = {table: rows for _name, table, rows in found["tables"]}
    (phone,), answers = tables["phone"], tables["waiting"]
    assert set(phone["key"]) == {"kty", "crv", "x", "y"}  # the public part
    assert [set(each) for each in answers] == [{"question", "number", "at", "sealed"}] * 2
    assert len({len(each["sealed"]) for each in answers}) == 1
    assert found["local"] == {"kept": "2"}
    assert set(found["session"]) <= {"htmx-current-path-for-history"}
    assert found["workers"] == [[f"{demo.url}{KEPT}", f"{demo.url}/answer/worker.js"]]
    urls = [url.removeprefix(demo.url) for _name, url, *_rest in found["pages"]]
    assert KEPT in urls
    assert all(url == KEPT or url.startswith("/static/") for url in urls)
    everything = json.dumps({**found, "session": {}})
    for secret in (token, title, "riverbend", "Riverbend"):
        assert secret not in everything, secret
    sizes = f"{len(urls)} files of {sum(len(each[-1]) for each in found['pages']):,} characters"
    record_property(
        "figures", f"A phone stored {sizes}, a key and {len(answers)} sealed answers; none could be read."
    )


def test_a_browser_that_stores_nothing_says_not_kept_and_sends_later(demo: Server, new_page: NewPage) -> None:
    page = open_link(demo, new_page, prepare=refuse_storage)
    with offline(page):
        page.locator("input[value='2']").check()
        expect(page.locator("#kept")).to_contain_text("Not kept: this phone did not store it.")
        expect(page.locator("input[value='2']")).to_be_checked()
    expect(page.locator("#form-saved")).to_contain_text("Saved. You can leave and come back.")
    expect(page.locator("#kept")).to_be_hidden()


@pytest.mark.parametrize("years", [-1, 1])
@pytest.mark.parametrize(
    ("days", "words"), [(6, "has been sent."), (8, "longer than seven days were removed")]
)
def test_an_answer_waits_seven_days_by_the_servers_clock_when_the_phones_is_wrong(
    own: tuple[Path, int], new_page: NewPage, days: int, words: str, years: int
) -> None:
    data, port = own
    wrong = datetime.now(UTC) + timedelta(days=365 * years)
    with servers.running([str(data), str(port)], data, port, program=prepared.SERVE_DEMO) as server:
        page = open_link(server, new_page, prepare=lambda page: page.clock.set_fixed_time(wrong))
    choose(page, 2)
    page.clock.set_fixed_time(wrong + timedelta(days=days))
    later = [str(data), str(port), str(days)]
    with servers.running(later, data, port, program=prepared.SERVE_DEMO):
        expect(page.locator("[data-said]")).to_contain_text(words)
        assert waiting(page) == 0
        page.reload()
        expect(page.locator("input:checked")).to_have_count(1 if days < 7 else 0)


def test_another_person_cannot_send_them_and_can_remove_them(demo: Server, new_page: NewPage) -> None:
    page = open_link(demo, new_page)
    with offline(page):
        choose(page, 2)
        page.goto("about:blank")
    page.context.clear_cookies()  # or they ran out
    sign_in(page, demo.account("member"))
    page.goto(ROUND)
    expect(page.locator("#kept")).to_contain_text("Not sent: these answers were given by someone else")
    expect(page.locator("#kept")).to_contain_text(WAITS)
    page.get_by_role("button", name="Remove them from this phone").click()
    expect(page.locator("#kept")).to_be_hidden()
    assert holds_nothing(page)


def test_a_round_that_closed_meanwhile_says_so_and_removes_them(sample: Server, new_page: NewPage) -> None:
    page = answering(sample, new_page)
    with offline(page):
        choose(page, 2)
        coordinator = new_page(sample)
        sign_in(coordinator, sample.account("coordinator"))
        coordinator.goto(f"{ROUND}close")
        coordinator.get_by_role("button", name="Close the round").click()
        expect(coordinator).not_to_have_url(re.compile("close$"))
    expect(page.locator("#kept")).to_contain_text("The round no longer takes your answers.")
    assert holds_nothing(page)


def test_signing_out_asks_while_answers_wait(demo: Server, new_page: NewPage) -> None:
    page, asked = answering(demo, new_page), list[str]()
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    with offline(page):
        choose(page, 3)
        page.route(f"**{KEPT}", lambda route: route.abort())
    page.once("dialog", lambda dialog: dialog.dismiss())
    page.get_by_role("button", name="Sign out").click()
    assert waiting(page) == 1
    page.goto("/account/")
    page.once("dialog", lambda dialog: dialog.accept())
    page.locator("#main").get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/sign-in")
    assert [words[:13] for words in asked] == ["Answers wait "] * 2
    assert holds_nothing(page)


@pytest.mark.parametrize("on_kept_page", [False, True])
def test_leaving_without_a_network_never_asks_removes_all_and_ends_the_sign_in(
    demo: Server, new_page: NewPage, on_kept_page: bool
) -> None:
    page, asked = answering(demo, new_page), list[str]()
    page.on("dialog", lambda dialog: asked.append(dialog.message))
    with offline(page):
        choose(page, 4)
        if on_kept_page:
            page.get_by_role("link", name="Continue without a connection").click()
            expect(page.locator("#kept-list")).to_be_visible()
        page.get_by_role("link", name="Leave this site").click()
        expect(page.locator("#main")).to_have_count(0)  # the browser's own page
    page.goto(ROUND)
    expect(page).to_have_url(re.compile("/sign-in"))
    assert holds_nothing(page)
    assert asked == []


def test_a_note_is_not_kept_and_its_field_says_so(demo: Server, new_page: NewPage) -> None:
    page = answering(demo, new_page)
    here = page.url
    page.get_by_text("Add a note").click()
    expect(page.locator(".wizard-note")).to_contain_text("a note is never kept on a phone")
    with offline(page):
        page.locator(".wizard-note textarea").fill("Ask the new clinic.")
        choose(page, 1)
        expect(page.locator("#kept")).to_contain_text("The note is not: stay on this page")
        page.get_by_role("button", name="Continue").click()
        page.wait_for_timeout(500)
        assert page.url == here
        assert "Ask the new clinic" not in json.dumps(stored(page))
    expect(page.locator("#kept")).to_contain_text("Everything that was waiting has been sent.")
    page.get_by_role("button", name="Continue").click()
    expect(page).not_to_have_url(here)
    page.goto(here)
    expect(page.locator(".wizard-note textarea")).to_have_value("Ask the new clinic.")
