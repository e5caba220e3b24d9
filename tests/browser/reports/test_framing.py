"""A page of another site frames ours, with two servers and certificates: the named site shows it, no other does."""

import shutil
import ssl
import subprocess
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.conftest import CHROMIUM_FLAGS, NewPage
from tests.browser.navigation import patient
from tests.browser.servers import Server, sign_in
from tests.browser.test_first_visit import menu

TOWN, OTHER = "www.town.example", "other.example"


class Elsewhere:
    """Another site, by https and by http; every page of it shows `body`."""

    def __init__(self, folder: Path) -> None:
        self.body = ""
        outer = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "text/html; charset=utf-8")
                self.end_headers()
                self.wfile.write(f"<!doctype html><title>Town</title><h1>Town</h1>{outer.body}".encode())

            def log_message(self, *_words: object) -> None: ...

        self.servers = [ThreadingHTTPServer(("127.0.0.1", 0), Answer) for _each in range(2)]
        key, certificate = folder / "key.pem", folder / "certificate.pem"
        openssl = shutil.which("openssl") or pytest.fail("openssl is missing. Type: sudo apt install openssl")
        asked = [
            openssl,
            "req",
            "-x509",
            "-newkey",
            "rsa:2048",
            "-nodes",
            "-subj",
            f"/CN={TOWN}",
            "-days",
            "30",
        ]
        subprocess.run([*asked, "-keyout", key, "-out", certificate], check=True, capture_output=True)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate, key)
        self.servers[0].socket = context.wrap_socket(self.servers[0].socket, server_side=True)
        for server in self.servers:
            threading.Thread(target=server.serve_forever, daemon=True).start()

    @property
    def names(self) -> str:
        """Returns what tells a browser to find the sites here."""
        safe, plain = (server.server_address[1] for server in self.servers)
        to = [(f"{name}:443", safe) for name in (TOWN, OTHER)] + [(f"{TOWN}:80", plain)]
        return ", ".join(f"MAP {name} 127.0.0.1:{port}" for name, port in to)

    def stop(self) -> None:
        for server in self.servers:
            server.shutdown()
            server.server_close()


@pytest.fixture
def elsewhere(tmp_path: Path) -> Iterator[Elsewhere]:
    made = Elsewhere(tmp_path)
    yield made
    made.stop()


@pytest.fixture
def outside(browser: Browser, elsewhere: Elsewhere) -> Iterator[BrowserContext]:
    """A browser that finds the other sites, and takes their certificate."""
    flags = [*CHROMIUM_FLAGS, f"--host-resolver-rules={elsewhere.names}"]
    launched = browser.browser_type.launch(executable_path=shutil.which("chromium"), args=flags)
    yield launched.new_context(ignore_https_errors=True)
    launched.close()


def framed_at(outside: BrowserContext, address: str) -> Page:
    """Opens a page of another site, and waits until its frame has loaded or was refused."""
    page = patient(outside.new_page())
    page.goto(address)
    page.wait_for_load_state("networkidle")
    return page


def is_refused(page: Page) -> bool:
    (frame,) = [each for each in page.frames if each is not page.main_frame]
    return frame.url.startswith("chrome-error:")


def test_the_named_site_shows_our_page_without_a_cookie_and_no_other_site_does(
    demo: Server, new_page: NewPage, elsewhere: Elsewhere, outside: BrowserContext
) -> None:
    ours = new_page(demo)
    sign_in(ours, demo.account("coordinator"))
    menu(ours, "Reports")
    ours.get_by_role("link", name="Public page", exact=True).click()
    ours.get_by_role("link", name="Show it on your own site").click()
    ours.get_by_label("Address of the site").fill(f"https://{TOWN}")
    ours.get_by_role("button", name="Add the site").click()
    ours.get_by_text(f"https://{TOWN} may show these pages now.").wait_for()
    pasted = ours.get_by_label("What to paste: Our progress, English").input_value()
    elsewhere.body = pasted

    page = framed_at(outside, f"https://{TOWN}/")
    inside = page.frame_locator("iframe")
    expect(inside.get_by_role("heading", name="Our progress")).to_be_visible()
    expect(page.get_by_role("link", name="Riverbend County Coalition")).to_be_visible()
    colors = inside.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")
    assert colors == "rgb(255, 255, 255)"  # the page's own style is let through by its hash
    assert outside.cookies() == []
    with outside.expect_page() as opened:
        inside.get_by_role("link", name="Open the whole page").click()
    expect(opened.value.get_by_role("heading", name="Our progress")).to_be_visible()
    assert opened.value.evaluate("document.referrer") == ""

    assert is_refused(framed_at(outside, f"https://{OTHER}/"))
    assert is_refused(framed_at(outside, f"http://{TOWN}/"))


@pytest.mark.parametrize("path", ["/sign-in", "/about", "/answer/nothing", "/c/riverbend/"])
def test_the_named_site_is_refused_every_other_page(
    demo: Server, elsewhere: Elsewhere, outside: BrowserContext, path: str
) -> None:
    """A page that lays one of ours under its own buttons gets an empty frame."""
    elsewhere.body = f'<iframe src="{demo.url}{path}"></iframe>'
    assert is_refused(framed_at(outside, f"https://{TOWN}/"))
