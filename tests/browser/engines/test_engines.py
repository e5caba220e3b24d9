"""What people do most, in the engines that Playwright does not drive here: each journey in Firefox and in WebKitGTK."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack
from pathlib import Path

import pytest

from tests.browser import prepared, servers
from tests.browser.engines import engines
from tests.browser.engines.engines import ENTER, TAB, Engine

COALITION = "/c/riverbend-county"


class Visit:
    """A browser, and a sample coalition of its own that it visits as a member."""

    def __init__(self, browser: Engine, folder: Path) -> None:
        self.browser, self.folder, self.port = browser, folder, servers.free_port()
        self.serving = ExitStack()
        self.start()

    def start(self) -> None:
        arguments, program = [str(self.folder), str(self.port)], prepared.SERVE_DEMO
        running = servers.running(arguments, self.folder, self.port, program=program)
        self.server = self.serving.enter_context(running)

    def stop(self) -> None:
        """For a journey, the network is gone from here until `start`."""
        self.serving.close()

    def open(self, path: str) -> Engine:
        """Opens a page as this member, who signs in where asked to."""
        self.browser.open(f"{self.server.url}{path}")
        if self.browser.ask("location.pathname") == "/sign-in":
            email, password = self.server.account("member")
            self.sign_in(email, password)
            self.browser.until(f"location.pathname + location.search === {path!r}")
        return self.browser

    def sign_in(self, email: str, password: str) -> None:
        self.browser.fill("[name=email]", email)
        self.browser.fill("[name=password]", password)
        self.browser.keys(ENTER)


@pytest.fixture(scope="module", params=[engines.firefox, engines.webkit], ids=["firefox", "webkit"])
def visit(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory, kept: Path
) -> Iterator[Visit]:
    launch: Callable[[Path], AbstractContextManager[Engine]] = request.param
    folder = tmp_path_factory.mktemp("engine") / "data"
    prepared.copy(kept / "sample", folder, prepared.sample)
    with launch(tmp_path_factory.mktemp("browser")) as browser:
        visit = Visit(browser, folder)
        yield visit
        visit.stop()


def sees(browser: Engine, what: str) -> None:
    browser.until(f"document.querySelector({what!r}) !== null")


def has_focus(browser: Engine, what: str) -> None:
    browser.until(f"document.activeElement.matches({what!r})")


def says(browser: Engine, what: str, words: str) -> None:
    browser.until(f"document.querySelector({what!r})?.textContent.includes({words!r})")


def test_signing_out_and_in_again_with_a_wrong_password_between(visit: Visit) -> None:
    browser = visit.open("/account/")
    browser.click("#main button", "Sign out")
    browser.until("location.pathname === '/sign-in'")
    email, password = visit.server.account("member")
    visit.sign_in(email, "not my password")
    has_focus(browser, ".error-summary")
    visit.sign_in("", password)
    browser.until(f"location.pathname.startsWith('{COALITION}')")


def test_an_answer_saves_itself_and_the_wizard_goes_on(visit: Visit) -> None:
    browser = visit.open(f"{COALITION}/")
    browser.click("a", "Continue answering")
    browser.click("a", "Continue where you left")
    sees(browser, "#assessment-question")
    asked, here = browser.ask("document.querySelector('h1').textContent"), browser.ask("location.pathname")
    browser.click("label[for=answer-2]")
    says(browser, "#status", "Saved")
    browser.click("button", "Continue")
    browser.until(f"document.querySelector('h1') && document.querySelector('h1').textContent !== {asked!r}")
    sees(visit.open(here), "#answer-2:checked")


def test_a_tick_keeps_the_focus_and_is_told_when_it_could_not_be_sent(visit: Visit) -> None:
    browser = visit.open(f"{COALITION}/checklist/")
    x, y = browser.place(".tick[aria-pressed=false]")
    tick = browser.ask(f"'#' + document.elementFromPoint({x}, {y}).closest('.tick').id")
    visit.stop()
    browser.click(tick)
    says(browser, "#status", "Not saved: no connection")
    visit.start()
    browser.click(tick)
    says(browser, "#status", "Done")
    has_focus(browser, f"{tick}[aria-pressed=true]")
    sees(visit.open(f"{COALITION}/checklist/"), f"{tick}[aria-pressed=true]")


def test_a_change_in_the_plan_opens_and_is_saved_in_its_place(visit: Visit) -> None:
    browser = visit.open(f"{COALITION}/plan/")
    browser.click(".plan-change")
    has_focus(browser, "select[name=owner_id]")
    row = browser.ask("document.activeElement.closest('tr').id")
    browser.fill(f"#{row} [name=note]", "They said yes.")
    browser.click(f"#{row} button", "Save")
    has_focus(browser, f"#{row} .plan-change")
    says(browser, "#status", "is saved.")


def test_a_card_of_the_board_moves_by_keys_and_by_hand(visit: Visit) -> None:
    browser = visit.open(f"{COALITION}/plan/?view=board")
    browser.ask("document.querySelector('#plan-card-34 summary').focus()")
    browser.keys(ENTER)
    browser.keys(TAB)
    browser.keys("U")
    browser.keys(TAB)
    browser.keys(ENTER)
    sees(browser, "[data-column=under_way] #plan-card-34")
    says(browser, "#status", "Action 34: Under way.")
    browser.drag("[data-column=not_started] .plan-card p", "[data-column=under_way] .plan-card p")
    says(browser, "#status", "Under way.")
