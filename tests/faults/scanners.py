"""Runs wapiti and sqlmap against the running demo, signed in as its coordinator. Both may contact no one else.

    python -m tests.faults.scanners [--only sqlmap] [--seconds 1800]

Install them with `apt install sqlmap` and `pip install wapiti3` (in an environment of its own); the
environment variable WAPITI says where the command is if it is not on the PATH. `make faults` runs each for
about three minutes.
"""

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import parse_qsl, urlencode, urlsplit
from urllib.request import HTTPCookieProcessor, Request, build_opener, urlopen

from selectolax.lexbor import LexborHTMLParser

from tests.browser import servers
from tests.browser.servers import Server
from tests.faults.rows import Row, row

SECONDS = 180
# From 2 on sqlmap tries what stands within LIKE '%...%'.
LEVEL = "2"
INSTALL = {
    "sqlmap": "sudo apt install sqlmap",
    "wapiti": "python3 -m venv ~/wapiti && ~/wapiti/bin/pip install wapiti3 && export WAPITI=~/wapiti/bin/wapiti",
}
# Without ssrf and xxe: they need a listener on the internet.
MODULES = (
    *("xss", "permanentxss", "sql", "timesql", "redirect", "crlf"),
    *("csp", "http_headers", "cookieflags", "csrf", "file", "exec"),
)
# What wapiti says although nothing is wrong, word for word, and why.
EXPLAINED = {
    "X-Frame-Options is not set": "the content policy's frame-ancestors 'none' says it, and browsers prefer it",
    "Secure flag is not set in the cookie : session": "the demo is served over http; over https the flag is set",
    "Secure flag is not set in the cookie : language": "the same",
}
COALITION = "/c/riverbend-county"
# Whatever is looked for or sorted by: the words that reach a statement.
ASKED = (
    f"{COALITION}/plan/?q=beds&status=open&owner=1&sort=due&area=prevention",
    f"{COALITION}/partners/?q=house&sector=nonprofit&county=a&sort=name",
    f"{COALITION}/strengths/?q=room&area=prevention",
    f"{COALITION}/meetings/decisions/?q=we",
    f"{COALITION}/messages/?kind=due",
    f"{COALITION}/reports/funder?since=2026-01-01&until=2026-11-01",
    f"{COALITION}/checklist/?tip=1",
)
PARAMETERS = [(path, name) for path in ASKED for name, _value in parse_qsl(urlsplit(path).query)]


@dataclass(frozen=True)
class Target:
    """A running demo, the cookie of its coordinator, and a folder for what a scanner writes."""

    server: Server
    cookie: str
    folder: Path

    def lets_in(self) -> bool:
        """Returns whether the cookie still opens the coalition: a signed-out scan would find nothing."""
        asked = Request(f"{self.server.url}{COALITION}/", headers={"Cookie": self.cookie})
        with urlopen(asked) as answer:
            return urlsplit(answer.url).path == f"{COALITION}/"


def signed_in(server: Server) -> str:
    """Returns the cookie of the demo's coordinator, as a browser gets it."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    email, password = server.account("coordinator")
    page = LexborHTMLParser(browser.open(f"{server.url}/sign-in").read())
    field = page.css_first("input[name=csrf_token]")
    token = field.attributes["value"] if field else ""
    sent = urlencode({"email": email, "password": password, "csrf_token": token}).encode()
    browser.open(f"{server.url}/sign-in", sent)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


@contextmanager
def target(made: Row) -> Iterator[Target]:
    """Runs a demo of its own without throttling, because refused requests test nothing.

    It reads its log at the end.
    """
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name) / "demo", servers.free_port()
        arguments = ["demo", "--port", str(port), "--folder", str(folder)]
        with servers.running(arguments, folder, port, ENGAGE_LIMITS="off") as server:
            scanned = Target(server, signed_in(server), Path(name))
            yield scanned
            made.must(scanned.lets_in(), "the scanner was signed out on its way")
        errors = folder.with_suffix(".log").read_text().count("failed: ")
        made.counts["errors of ours"] = errors
        made.must(not errors, "a request was answered with an error of ours")


def command(name: str, made: Row) -> str:
    """Returns where it is; if it is missing, that is a FAIL that says what to type."""
    found = shutil.which(os.environ.get(name.upper(), name)) or ""
    made.must(bool(found), f"{name} is missing. Type: {INSTALL[name]}")
    return found


def wapiti(seconds: int = SECONDS) -> Row:
    """Spends a third of the time looking for pages and forms, then attacks them."""
    with row("wapiti at the demo") as made:
        made.done = f"as the coordinator, pages and forms, {len(MODULES)} kinds of attack"
        if program := command("wapiti", made):
            with target(made) as scanned:
                _count_wapiti(_wapiti(program, scanned, seconds), made)
    return made


def _wapiti(program: str, scanned: Target, seconds: int) -> dict[str, dict[str, list[dict[str, str]]]]:
    """Returns its report."""
    url, folder = scanned.server.url, scanned.folder
    each = str(seconds * 2 // 3 // len(MODULES))
    asked = [
        *(program, "-u", f"{url}{COALITION}/", "-H", f"Cookie: {scanned.cookie}", "-m", ",".join(MODULES)),
        *("-x", f"{url}/sign-out", "-x", f"{url}/leave", "--endpoint", f"{url}/", "--no-bugreport"),
        *("--max-scan-time", str(seconds // 3), "--max-attack-time", each, "--tasks", "2"),
        *("-f", "json", "-o", str(folder / "wapiti.json"), "--flush-session"),
        *("--store-session", str(folder / "session"), "--store-config", str(folder / "config")),
    ]
    subprocess.run(asked, check=True, capture_output=True, timeout=seconds * 3)
    return dict(json.loads((folder / "wapiti.json").read_text()))


def _count_wapiti(report: dict[str, dict[str, list[dict[str, str]]]], made: Row) -> None:
    pages = int(str(report["infos"]["crawled_pages_nbr"]))
    made.counts |= {"addresses and forms": pages, "findings": 0, "explained": 0}
    made.must(pages > 30, "it saw next to no page")
    for kind in ("vulnerabilities", "anomalies", "additionals"):
        for name, found in report[kind].items():
            for each in found:
                known = each["info"] in EXPLAINED
                made.count("explained" if known else "findings")
                words = f"{name}: {each['method']} {each['path']} {each['info']}"
                made.must(known, " ".join(words.split()))


def sqlmap(seconds: int = 300) -> Row:
    """Tests each parameter of the GET requests for an equal time at most; on a busy machine half of it is used."""
    with row("sqlmap at the demo") as made:
        made.done = "as the coordinator, whatever is looked for or sorted by"
        made.counts |= {"parameters": 0, "requests": 0, "tried to the end": 0, "findings": 0}
        if program := command("sqlmap", made):
            with target(made) as scanned:
                for path, name in PARAMETERS:
                    _sqlmap(program, scanned, path, name, seconds // len(PARAMETERS), made)
        made.must(int(made.counts["tried to the end"]) > 0, "the time was up before one parameter was tried")
    return made


def _sqlmap(program: str, scanned: Target, path: str, name: str, seconds: int, made: Row) -> None:
    traffic = scanned.folder / "traffic"
    asked = [
        *(program, "-u", f"{scanned.server.url}{path}", "--cookie", scanned.cookie, "-p", name),
        *("--dbms", "SQLite", "--level", LEVEL, "--technique", "BEU", "--skip-waf"),
        *("--batch", "--flush-session", "--disable-coloring", "--time-limit", str(seconds)),
        *("--output-dir", str(scanned.folder / "sqlmap"), "-t", str(traffic)),
    ]
    done = subprocess.run(
        asked, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=seconds * 3 + 60
    )
    made.count("parameters")
    if traffic.exists():
        made.count("requests", traffic.read_text(errors="replace").count("HTTP request ["))
        traffic.unlink()
    _count_sqlmap(f"{path}: {name}", done.stdout, made)


def _count_sqlmap(what: str, said: str, made: Row) -> None:
    made.count("tried to the end", bool(re.search(r"parameter '\w+' (?:does not seem|is vulnerable)", said)))
    answers = {int(code) for code in re.findall(r"(?:^|, )(\d{3}) \([^)]*\) - \d+ times", said, re.M)}
    made.must(429 not in answers, f"{what}: refused as too often, which tests nothing")
    # A statement that what was typed has broken is a 500, or a 503 as of a database that does not answer.
    made.must(max(answers, default=0) < 500, f"{what}: answered with 500 or above")
    for found in suspected(said):
        made.count("findings")
        made.must(False, f"{what}: {found}")


def suspected(said: str) -> list[str]:
    """Returns what sqlmap holds to be injectable: sure, or not yet taken back when the time was up."""
    sure = re.findall(r"^Parameter: .*", said, re.M)
    denied = re.findall(r"parameter '(\w+)' does not seem to be injectable", said)
    likely = re.findall(r"parameter '(\w+)' (?:appears to be|is) '.*' injectable", said)
    return sure or [f"{name} appears to be injectable" for name in likely if name not in denied]


PROGRAMS = {"wapiti": wapiti, "sqlmap": sqlmap}


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.faults.scanners", description=__doc__)
    asked.add_argument("--only", choices=PROGRAMS, help="one of the two")
    asked.add_argument("--seconds", type=int, default=300, help="so long for each, more or less")
    wanted = asked.parse_args()
    made = [PROGRAMS[name](wanted.seconds) for name in PROGRAMS if wanted.only in {None, name}]
    print(*made, sep="\n")
    sys.exit(any(each.broken for each in made))


if __name__ == "__main__":
    main()
