"""wapiti and sqlmap at the running demo, by hand: neither is part of the project or of its checks.

    python -m tests.faults.scanners --wapiti PATH/TO/wapiti [--sqlmap sqlmap] [--seconds 240]

`apt install sqlmap`; `pip install wapiti3` into an environment of its own. Both are told to ask nobody else.
"""

import argparse
import json
import subprocess
import tempfile
from http.cookiejar import CookieJar
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, build_opener

from selectolax.lexbor import LexborHTMLParser

from tests.browser import servers
from tests.browser.servers import Server

MODULES = "xss,permanentxss,sql,timesql,redirect,crlf,csp,http_headers,cookieflags,csrf,file,exec,ssrf,xxe"
COALITION = "/c/riverbend-county"
# Whatever is looked for or sorted by: the words that reach a statement.
ASKED = (
    f"{COALITION}/plan/?q=beds&status=open&owner=1&sort=due&area=prevention",
    f"{COALITION}/partners/?q=house&sector=nonprofit&county=a&sort=name",
    f"{COALITION}/strengths/?q=room&area=prevention",
    f"{COALITION}/meetings/decisions/?q=we",
    f"{COALITION}/messages/?kind=due",
    f"{COALITION}/reports/counts?since=2026-01-01&until=2026-11-01",
    f"{COALITION}/checklist/?tip=1",
)


def signed_in(server: Server) -> str:
    """The cookie of the demo's coordinator, as a browser gets it."""
    jar = CookieJar()
    browser = build_opener(HTTPCookieProcessor(jar))
    email, password = server.account("coordinator")
    page = LexborHTMLParser(browser.open(f"{server.url}/sign-in").read())
    field = page.css_first("input[name=csrf_token]")
    token = field.attributes["value"] if field else ""
    sent = urlencode({"email": email, "password": password, "csrf_token": token}).encode()
    browser.open(f"{server.url}/sign-in", sent)
    return "; ".join(f"{cookie.name}={cookie.value}" for cookie in jar)


def wapiti(command: str, server: Server, cookie: str, folder: Path, seconds: int) -> None:
    """A row a kind of finding."""
    report = folder / "wapiti.json"
    subprocess.run(
        [
            *(command, "-u", f"{server.url}{COALITION}/", "-H", f"Cookie: {cookie}", "-m", MODULES),
            *(
                "-x",
                f"{server.url}/sign-out",
                "-x",
                f"{server.url}/leave",
                "--flush-session",
                "--no-bugreport",
            ),
            *("-f", "json", "-o", str(report), "--max-scan-time", str(seconds), "--max-attack-time", "30"),
            *("--store-session", str(folder / "session"), "--store-config", str(folder / "config")),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        timeout=seconds * 3,
    )
    found = json.loads(report.read_text())
    print(f"wapiti: {found['infos'].get('crawled_pages_nbr')} pages")
    for kind in ("vulnerabilities", "anomalies", "additionals"):
        for name, each in found[kind].items():
            if each:
                print(
                    f"  {kind}: {name}: {len(each)}; the first: {each[0]['method']} {each[0]['path']} {each[0]['info']}"
                )


def sqlmap(command: str, server: Server, cookie: str, folder: Path, seconds: int) -> None:
    """Each parameter of what is asked with GET."""
    for path in ASKED:
        done = subprocess.run(
            [
                *(
                    command,
                    "-u",
                    f"{server.url}{path}",
                    "--cookie",
                    cookie,
                    "--batch",
                    "--level",
                    "2",
                    "--risk",
                    "2",
                ),
                *(
                    "--output-dir",
                    str(folder / "sqlmap"),
                    "--flush-session",
                    "--disable-coloring",
                    "--threads",
                    "2",
                ),
                *("--time-limit", str(seconds // len(ASKED))),
            ],
            capture_output=True,
            text=True,
            check=False,
        )
        lines = [line for line in done.stdout.splitlines() if "injectable" in line or "CRITICAL" in line]
        sure = any(
            "is vulnerable" in line or ("appears to be" in line and "injectable" in line) for line in lines
        )
        print(f"sqlmap {path}: {'FOUND' if sure else 'nothing'}; {lines[-1] if lines else 'time was up'}")


def main() -> None:
    asked = argparse.ArgumentParser(prog="python -m tests.faults.scanners", description=__doc__)
    asked.add_argument("--wapiti", default="")
    asked.add_argument("--sqlmap", default="")
    asked.add_argument("--seconds", type=int, default=240)
    wanted = asked.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder, port = Path(name) / "demo", servers.free_port()
        with servers.running(["demo", "--port", str(port), "--folder", str(folder)], folder, port) as server:
            cookie = signed_in(server)
            if wanted.sqlmap:
                sqlmap(wanted.sqlmap, server, cookie, Path(name), wanted.seconds)
            if wanted.wapiti:
                wapiti(wanted.wapiti, server, cookie, Path(name), wanted.seconds)
        said = folder.with_suffix(".log").read_text()
    print(f"errors of ours in the log: {said.count('failed: ')}")


if __name__ == "__main__":
    main()
