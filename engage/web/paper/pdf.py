"""Makes a PDF of a report: `pdf_process` typesets it in a separate process, one at a time.

Inside the server the typesetter would keep some 60 MB after the first report, plus the memory for a plan of
thousands of actions. A process frees all of it. Starting one costs a tenth of a second.
"""

import os
import subprocess
import sys
import threading
from pathlib import Path

from flask import current_app

from engage.extensions import language
from engage.i18n import gettext as _
from engage.web.paper.rules import Paper, as_json

PDF = "application/pdf"
PROCESS = Path(__file__).with_name("pdf_process.py")
SECONDS = 45
# On a small machine, two PDFs at once would need too much memory, so the second waits.
_turn = threading.BoundedSemaphore(1)
# One PDF is made and one waits; a third is refused at once. The server has four threads, and a person who
# asks for report after report must not occupy them all.
_places = threading.BoundedSemaphore(2)


class PdfFailed(Exception):
    """The PDF could not be made, or not in time."""


def pdf_of(paper: Paper) -> bytes:
    """Returns the PDF. Raises PdfFailed. It runs no queries."""
    words = _("Page %(page)s of %(pages)s", page="{page}", pages="{pages}")
    return typeset(as_json(paper, language(), words))


def typeset(data: str) -> bytes:
    """Returns the output of `press` for this data. Raises PdfFailed, at once if two are already waiting."""
    if not _places.acquire(blocking=False):
        raise PdfFailed
    try:
        return _set(data)
    finally:
        _places.release()


def _set(data: str) -> bytes:
    if not _turn.acquire(timeout=SECONDS):
        raise PdfFailed
    try:
        done = subprocess.run(  # noqa: S603 - the program is ours, its arguments too
            [sys.executable, "-I", str(PROCESS)],
            input=data.encode(),
            capture_output=True,
            timeout=SECONDS,
            check=True,
            env={name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
        )
    except subprocess.CalledProcessError as error:
        # Only the last line is used: it names the error without any text of the report.
        last = error.stderr.decode(errors="replace").strip().splitlines()[-1:]
        current_app.logger.warning("A PDF could not be set (%s): %s", error.returncode, " ".join(last)[:200])
        raise PdfFailed from None
    except subprocess.TimeoutExpired:
        raise PdfFailed from None
    finally:
        _turn.release()
    return done.stdout
