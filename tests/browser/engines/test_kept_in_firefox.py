"""Answering without a network in Firefox. WebKitGTK's driver opens private windows, which lose such pages."""

from pathlib import Path

from tests.browser import prepared
from tests.browser.engines import engines
from tests.browser.engines.test_engines import COALITION, Visit, says, sees
from tests.browser.offline.phone import STORED


def test_answers_wait_sealed_while_the_server_is_gone_and_are_sent_when_it_is_back(
    tmp_path: Path, kept: Path
) -> None:
    folder, home = tmp_path / "demo" / "data", tmp_path / "browser"
    folder.parent.mkdir()
    home.mkdir()
    prepared.copy(kept / "sample", folder, prepared.sample)
    with engines.firefox(home) as browser:
        visit = Visit(browser, folder)
        answer_without_server(visit)
        visit.stop()


def answer_without_server(visit: Visit) -> None:
    browser = visit.open(f"{COALITION}/")
    browser.click("a", "Continue answering")
    browser.click("a", "Continue where you left")
    sees(browser, "#assessment-question")
    browser.until("isReady")
    here = browser.ask("location.pathname")
    visit.stop()
    browser.click("label[for=answer-3]")
    says(browser, "#kept", "1 answer waits on this phone.")
    browser.click("button", "Continue")
    browser.until("location.pathname === '/answer/kept'")
    browser.click(".kept-question:not([hidden]) label")
    says(browser, "#kept", "2 answers wait on this phone.")
    browser.ask(f"({STORED}.then(found => {{ window.found = found; }}), true)")
    found = browser.until("window.found")
    assert [row for _name, table, rows in found["tables"] if table == "waiting" for row in rows]
    assert all(word not in str(found["tables"] + found["pages"]) for word in ("riverbend", "Half-year"))
    visit.start()
    says(browser, "#kept", "Everything that was waiting has been sent.")
    sees(visit.open(here), "#answer-3:checked")
