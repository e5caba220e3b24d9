"""Typesets a report as PDF, in a separate process: data on standard input, the PDF on standard output.

It imports nothing from Engage, so the process has no database and no secret, and its memory is freed when it
ends.
"""

import resource
import sys
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

TEMPLATE = Path(__file__).parent / "typst" / "report.typ"
SECONDS = 40
# The process may use this much memory in MB: what is free minus a reserve for others, within these bounds.
LEAST, MOST, LEFT = 160, 1024, 96


def pdf_of(paper: str, moment: datetime) -> bytes:
    """Returns a tagged PDF.

    If the built-in fonts lack characters, the system's fonts are used. The file then does not claim PDF/UA-1,
    which requires a glyph for every character.
    """
    import typst

    def compiled(fonts: typst.Fonts, standard: Literal["ua-1"] | None = None) -> bytes:
        return typst.compile(
            str(TEMPLATE),
            root=str(TEMPLATE.parent),
            font_paths=fonts,
            ignore_system_fonts=True,
            format="pdf",
            sys_inputs={"paper": paper},
            pdf_standards=standard,
            timestamp=moment,
        )

    try:
        return compiled(typst.Fonts(include_system_fonts=False), "ua-1")
    except typst.TypstError:
        return compiled(typst.Fonts(include_system_fonts=True))


def bounded() -> None:
    """Limits time and memory; if memory runs out, this process fails and not the server."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    with suppress(OSError, KeyError, ValueError):  # not every system has or sets these limits
        Path("/proc/self/oom_score_adj").write_text("1000")
        lines = dict(line.split(":") for line in Path("/proc/meminfo").read_text().splitlines())
        free = int(lines["MemAvailable"].split()[0]) // 1024
        memory = min(max(free - LEFT, LEAST), MOST) * 2**20
        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))


def main() -> None:
    bounded()
    paper = sys.stdin.buffer.read().decode()
    sys.stdout.buffer.write(pdf_of(paper, datetime.now(UTC).replace(microsecond=0)))


if __name__ == "__main__":
    main()
