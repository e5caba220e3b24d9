"""Serves static files with their content's hash in the address, compressed once, cached for a year.

WhiteNoise serves them before a request reaches the application, with the same security headers.
"""

import hashlib
import os
import re
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from wsgiref.headers import Headers

from flask import Flask
from markupsafe import Markup
from whitenoise import WhiteNoise
from whitenoise.compress import Compressor

from engage.web.headers import HEADERS, STRICT_TRANSPORT

ICONS = "vendor/lucide-1.62.0.svg"
# static/css has these folders and files, in their order; a later file overrides an earlier one.
SHEETS = (
    # These are for every page.
    "web/tokens",
    "web/base",
    "web/layout",
    "web/menu",
    "web/navigation",
    "web/notices",
    "web/buttons",
    "web/heads",
    "web/badges",
    "web/cards",
    "web/lists",
    "web/forms",
    "web/choices",
    "web/sharing",
    "web/tables",
    "web/charts",
    "web/imports",
    # each of these is for the pages of one feature or package; lower layers come first
    "accounts/accounts",
    "coalitions/coalitions",
    "coalitions/trash",
    "partners/partners",
    "partners/coverage",
    "meetings/meetings",
    "meetings/attendance",
    "meetings/agenda",
    "meetings/notes",
    "meetings/papers",
    "assessment/assessment",
    "assessment/agreed-values",
    "assessment/answering",
    "assessment/comparison",
    "assessment/channels",
    "assessment/efforts",
    "assessment/paper",
    "assessment/results",
    "assessment/sets",
    "strengths/strengths",
    "strengths/needs",
    "strengths/explorer",
    "strengths/votes",
    "strengths/votes-screen",
    "toolkit/toolkit",
    "checklist/checklist",
    "plan/plan",
    "plan/actions",
    "plan/measures",
    "plan/activities",
    "plan/feedback",
    "plan/undo",
    "plan/overview",
    "plan/overview-views",
    "plan/bulk",
    "plan/copying",
    "plan/inactive-actions",
    "plan/review",
    "onboarding/onboarding",
    "chain/chain",
    "home/home",
    "reports/reports",
    "reports/papers",
    "reports/funder",
    "reports/public",
    "reports/tables",
    "calendar/calendar",
    "messages/messages",
    "messages/announcements",
    "search/search",
    "operations/operations",
    # These are for special devices and for printing.
    "web/modes",
    "web/print",
)
# The pages that people open first (sign-in, Home, the start of an answer) need only these and the web's. They
# leave out the block `features` of base.html, so that a first visit loads little.
_FIRST = (
    "accounts/accounts",
    "meetings/meetings",
    "assessment/assessment",
    "assessment/answering",
    "home/home",
    "messages/announcements",
    "search/search",
)
_APP = tuple(name for name in SHEETS if name.startswith("web/") or name in _FIRST)
# Both end with what is for special devices and for printing, which overrides everything before it.
_FEATURES = (*(name for name in SHEETS if name not in _APP), *SHEETS[-2:])
STYLESHEETS = {"app.css": _APP, "features.css": _FEATURES}


def stylesheet(folder: Path, names: Iterable[str]) -> bytes:
    """Returns a stylesheet: these files of `folder`, one after the other, without comments and indents.

    Comments and indents would make a first visit load a fifth more.
    """
    sheets = b"\n".join((folder / f"{name}.css").read_bytes() for name in names)
    in_one_line = re.sub(rb"(?:/\*.*?\*/|\s)+", b" ", sheets, flags=re.DOTALL).strip()
    return re.sub(rb" ?([{};]) ?", rb"\1", in_one_line)


def script(text: bytes) -> bytes:
    """Returns a script without comments and indents, which leaves a fifth of its size on the wire.

    A comment has its own line or comes after the end of a statement, as `tests/web/test_scripts.py` requires.
    """
    return re.sub(rb"^\s*//.*\n|(?<=[;{}(),\]])[ ]+// .*$|^\s+", b"", text, flags=re.MULTILINE)


def _contents(source: Path) -> dict[str, bytes]:
    """Returns {"app.css": its bytes} for every file of `source`, with two stylesheets for the folder css."""
    sheets = source / "css"
    files = [path for path in sorted(source.rglob("*")) if path.is_file() and sheets not in path.parents]
    contents = {path.relative_to(source).as_posix(): path.read_bytes() for path in files}
    contents |= {name: script(text) for name, text in contents.items() if re.fullmatch(r"\w+\.js", name)}
    if sheets.is_dir():
        contents |= {name: stylesheet(sheets, names) for name, names in STYLESHEETS.items()}
    return contents


def build(source: Path, target: Path) -> dict[str, str]:
    """Writes every file of `source` to `target` under a name with its hash, with .br and .gz beside it.

    Returns {"app.css": "app.1a2b3c4d.css"}; leaves existing files alone and removes older copies.
    """
    names: dict[str, str] = {}
    compressor = Compressor(quiet=True)
    for name, content in _contents(source).items():
        relative = Path(name)
        digest = hashlib.sha256(content).hexdigest()[:8]
        hashed = relative.with_name(f"{relative.stem}.{digest}{relative.suffix}")
        names[name] = hashed.as_posix()
        built = target / hashed
        if built.exists():
            continue
        built.parent.mkdir(parents=True, exist_ok=True)
        working = built.with_name(f"{os.getpid()}.part{built.suffix}")
        working.write_bytes(content)
        if compressor.should_compress(name):
            for variant in compressor.compress(str(working)):
                os.replace(variant, f"{built}{Path(variant).suffix}")
        os.replace(working, built)
    _remove_old(target, set(names.values()))
    return names


def _remove_old(target: Path, wanted: set[str]) -> None:
    for file in [path for path in target.rglob("*") if path.is_file()]:
        name = file.relative_to(target).as_posix()
        if name.removesuffix(".br").removesuffix(".gz") not in wanted and ".part" not in name:
            file.unlink(missing_ok=True)


def init_app(app: Flask) -> None:
    """Builds the files into the data folder, serves them, and defines `static_url(name)` and `icon(name)`."""
    target = Path(app.config["DATA"]) / "static"
    target.mkdir(parents=True, exist_ok=True)
    names = build(Path(app.config["FILES"]) / "static", target)

    def add_headers(headers: Headers, path: str, url: str) -> None:
        for name, value in HEADERS.items():
            headers[name] = value
        if app.config["HTTPS"]:
            headers["Strict-Transport-Security"] = STRICT_TRANSPORT

    app.wsgi_app = WhiteNoise(  # type: ignore[method-assign]
        app.wsgi_app,
        root=str(target),
        prefix="static/",
        max_age=WhiteNoise.FOREVER,
        allow_all_origins=False,
        immutable_file_test=lambda path, url: True,
        add_headers_function=add_headers,
    )
    app.add_template_global(lambda name: f"/static/{names[name]}", "static_url")

    @app.template_global()
    @lru_cache  # the menu on every page shows twenty icons
    def icon(name: str) -> Markup:
        """Returns an icon of static/vendor/lucide as SVG; the words beside the icon say the same."""
        url = f"/static/{names[ICONS]}#{name}"
        return Markup('<svg class="icon" aria-hidden="true"><use href="{}"/></svg>').format(url)
