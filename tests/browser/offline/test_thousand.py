"""About a thousand answers over a network that goes in every way: nothing that the page says it keeps is lost.

What the page says is taken down outside the page, at once, so that a killed tab takes nothing of it along.
"""

import os
import random
import signal
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from playwright.sync_api import Browser, Page, Route, expect

from tests.browser import prepared, servers
from tests.browser.conftest import PHONE, NewPage
from tests.browser.offline.phone import KEPT, begin_round, keeps, offline, waiting
from tests.browser.servers import Server, sign_in

EACH_TIME = 100
# Bytes for the questions and files, which take 465,000, and for some answers.
ROOM = 500_000
# Chooses a level as a person would, waits until the page has said what became of it, and reports that.
GIVE = """async (answers) => {
  for (const [question, level] of answers) {
    const input = document.querySelector(`[data-question="${question}"] [value="${level}"]`);
    input.checked = true;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    await said(question, level, await storing);
  }
}"""
ANSWERS = """FROM assessment_answer WHERE response_id =
  (SELECT id FROM assessment_response WHERE round_id = 4 AND respondent_id = 2)"""


class Phone:
    """A member's browser with the kept page, and beside it what the page has said and what the server has."""

    def __init__(self, page: Page, database: Path) -> None:
        self.page, self.context, self.database = page, page.context, database
        self.given = self.not_kept = self.lost = self.doubled = 0
        self.kept: dict[str, int] = {}
        # The answer of which a killed tab could not say anymore whether it keeps it: either is right.
        self.in_doubt: tuple[str, int] | None = None
        self.chance = random.Random(34)
        self.context.expose_function("said", self.note)

    def note(self, question: str, level: int, is_kept: bool) -> None:
        self.given += 1
        if is_kept:
            self.kept[question] = level
        else:
            self.not_kept += 1

    def answers(self) -> list[tuple[str, int]]:
        questions = self.page.evaluate("questions.map(({ dataset }) => dataset.question)")
        return [(self.chance.choice(questions), self.chance.randrange(5)) for _each in range(EACH_TIME)]

    def give(self) -> None:
        self.page.evaluate(GIVE, self.answers())

    def compare(self) -> None:
        """Sends what waits; each answer that the page said it keeps is then the server's."""
        self.page.evaluate("sendAll()")
        for _try in range(300):
            if waiting(self.page) == 0:
                break
            self.page.wait_for_timeout(100)
        self.lost += self.missing()

    def missing(self) -> int:
        saved = self.saved()
        if self.in_doubt and self.in_doubt in saved.items():
            question, level = self.in_doubt
            self.kept[question] = level
        self.in_doubt = None
        return sum(saved.get(question) != level for question, level in self.kept.items())

    def saved(self) -> dict[str, int]:
        with closing(sqlite3.connect(self.database)) as database:
            return dict(database.execute(f"SELECT indicator, rating {ANSWERS}").fetchall())

    def figures(self, where: str) -> str:
        not_kept = f"{self.not_kept} not kept, which the page said"
        return f"{where}: {self.given} answers, {not_kept}, {self.lost} lost, {self.doubled} doubled."

    def forget(self) -> None:
        """Removes the answers from the database, so that one which is taken a second time comes back."""
        with closing(sqlite3.connect(self.database)) as database:
            database.execute(f"DELETE {ANSWERS}")
            database.commit()
        self.kept.clear()


def lose_an_answer(phone: Phone) -> None:
    """The answers arrive, and what the server says of that does not."""

    arrived: list[Route] = []

    def arrive(route: Route) -> None:
        if arrived or "waiting=" not in (route.request.post_data or ""):
            route.continue_()
            return
        arrived.append(route)
        assert route.fetch().ok
        phone.lost += phone.missing()
        phone.forget()
        route.abort()

    with offline(phone.page):
        phone.give()
    phone.context.route(f"**{KEPT}", arrive)
    phone.compare()
    phone.context.unroute(f"**{KEPT}")
    assert arrived
    phone.doubled += len(phone.saved())


def kill_the_tab(phone: Phone) -> None:
    """Kills each tab's process while this one seals and stores, and opens the page again without a network."""
    with offline(phone.page):
        given, answers = phone.given, phone.answers()
        phone.page.evaluate(f"(answers) => {{ ({GIVE})(answers); }}", answers)
        while phone.given < given + EACH_TIME // 2:
            phone.page.wait_for_timeout(1)
        with phone.page.expect_event("crash"):
            for process in renderers(phone.context.browser):
                os.kill(process, signal.SIGKILL)
        phone.page.close()
        phone.page = phone.context.new_page()
        phone.page.goto(KEPT)
        expect(phone.page.locator("#kept-list")).to_be_visible()
    phone.in_doubt = answers[phone.given - given]
    phone.compare()


def renderers(browser: Browser | None) -> list[int]:
    assert browser is not None
    session = browser.new_browser_cdp_session()
    every = session.send("SystemInfo.getProcessInfo")["processInfo"]
    session.detach()
    return [each["id"] for each in every if each["type"] == "renderer"]


def lose_the_network(phone: Phone) -> None:
    with offline(phone.page):
        phone.give()
    phone.compare()


def begun(server: Server, new_page: NewPage, data: Path, quota: int | None = None) -> Phone:
    """Opens the kept page of the member's round, on a phone with room for so many bytes."""
    page = new_page(server, viewport=PHONE, errors_expected=True)
    if quota:
        session = page.context.new_cdp_session(page)
        session.send("Storage.overrideQuotaForOrigin", {"origin": server.url, "quotaSize": quota})
    sign_in(page, server.account("member"))
    begin_round(page)
    keeps(page)
    page.goto(KEPT)
    return Phone(page, data / "engage.db")


Note = Callable[[str, object], None]


def test_a_thousand_answers_over_a_lost_network_are_saved_once_each(
    own: tuple[Path, int], new_page: NewPage, record_property: Note
) -> None:
    data, port = own
    start = [str(data), str(port)]
    with servers.running(start, data, port, program=prepared.SERVE_DEMO) as server:
        phone = begun(server, new_page, data)
        for part in (lose_the_network, kill_the_tab, lose_an_answer) * 3:
            part(phone)
    for _time in range(3):
        phone.give()  # the server is gone, and the browser believes that it is online
        with servers.running(start, data, port, program=prepared.SERVE_DEMO):
            phone.compare()
    record_property("figures", phone.figures("Over a lost network"))
    assert phone.given >= 1000
    assert (phone.not_kept, phone.lost, phone.doubled) == (0, 0, 0)


def test_a_full_phone_says_what_it_does_not_keep_and_loses_nothing_else(
    own: tuple[Path, int], new_page: NewPage, record_property: Note
) -> None:
    data, port = own
    start = [str(data), str(port)]
    with servers.running(start, data, port, program=prepared.SERVE_DEMO) as server:
        phone = begun(server, new_page, data, quota=ROOM)
        with offline(phone.page):
            phone.give()
            expect(phone.page.locator("[data-said]")).to_contain_text("Not kept")
        assert 0 < phone.not_kept < phone.given
        phone.compare()
        expect(phone.page.locator("#kept")).to_contain_text("Everything that was waiting has been sent.")
    record_property("figures", phone.figures("On a full phone"))
    assert phone.lost == 0
