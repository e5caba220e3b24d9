"""Measures what another language costs: the same pages in English and Spanish in turn, then the memory of both."""

import http.client
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace

from bench.load import Request, one
from bench.processes import ROOT, Running

SPANISH = "es"
ROW = "pages in Spanish beside English"
MEMORY = "memory that Spanish adds (PSS)"
# A start reads the content of each language, before anything is asked.
_CONTENT = """
import os
from bench.processes import megabytes
from engage.content import loader
loader.content("en")
before = megabytes(os.getpid())
loader.content("es")
print(megabytes(os.getpid()) - before)
"""


def measured(
    server: Running, pages: dict[str, Request], report: Callable[..., None], *, turns: int = 150
) -> None:
    """Reports a ratio a page, then megabytes: of the content, and what the server grows by once pages are asked.

    A ratio is of the processor's time, and of the quicker requests: other programs change more than a twentieth.
    """
    content = _content()
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=30)
    english = _warm(connection, pages, "en")
    before = server.memory()
    spanish = _warm(connection, pages, SPANISH)
    more = server.memory() - before + content
    for name in pages:
        taken: tuple[list[float], list[float]] = ([], [])
        for turn in range(turns):
            for which in (turn % 2, 1 - turn % 2):  # so that neither is always second
                began = server.worked()
                one(connection, (english, spanish)[which][name])
                taken[which].append(server.worked() - began)
        here, there = (sorted(each)[turns // 4] for each in taken)
        report(f"{ROW}: {name}", there / here, "", 1.05, more=f"{here:.2f} ms, {there:.2f} ms")
    report(MEMORY, more, "MB", 6)
    connection.close()


def _warm(
    connection: http.client.HTTPConnection, pages: dict[str, Request], language: str
) -> dict[str, Request]:
    """Returns the requests of a browser that chose the language, each asked twenty times.

    Raises RuntimeError if a page is in another language.
    """
    chosen = {}
    for name, page in pages.items():
        cookie = "; ".join(filter(None, (page.headers["Cookie"], f"language={language}")))
        connection.request("GET", page.path, headers={"Cookie": cookie})
        if f'<html lang="{language}"' not in connection.getresponse().read().decode():
            raise RuntimeError(f"{page.path} is not in {language}")
        chosen[name] = replace(page, headers={**page.headers, "Cookie": cookie})
        for _turn in range(20):
            one(connection, chosen[name])
    return chosen


def _content() -> float:
    answer = subprocess.run([sys.executable, "-c", _CONTENT], cwd=ROOT, capture_output=True, text=True)
    return float(answer.stdout)
