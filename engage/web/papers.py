"""Marks pages that are printed or handed on.

Their language is the one that the link asks for, whoever prints them.
"""

from collections.abc import Callable
from typing import TypeVar

from flask import Flask, current_app, g, request

from engage import languages

View = TypeVar("View", bound=Callable[..., object])


def on_paper(view: View) -> View:
    """Marks a view that responds with a paper: a page to print, or a file such as a PDF."""
    view.on_paper = True  # type: ignore[attr-defined]
    return view


def _is_paper(endpoint: str | None) -> bool:
    """Returns whether the view with this endpoint is marked."""
    return getattr(current_app.view_functions.get(endpoint or ""), "on_paper", False)


def init_app(app: Flask) -> None:
    """Chooses a paper's language before anything asks for it; a paper links to its PDF in that language."""

    @app.before_request
    def note() -> None:
        if _is_paper(request.endpoint):
            g.on_paper = languages.known(request.args.get(languages.ASKED))

    @app.url_defaults
    def ask_on(endpoint: str, values: dict[str, object]) -> None:
        if g.get("on_paper") and _is_paper(endpoint):
            values.setdefault(languages.ASKED, g.on_paper)
