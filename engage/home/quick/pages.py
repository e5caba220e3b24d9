"""Draws the forms beside my waiting actions, once for each state of an action, and caches them."""

import secrets
from collections.abc import Iterable
from datetime import date
from functools import lru_cache

from flask import render_template, url_for
from flask_wtf.csrf import generate_csrf
from markupsafe import Markup

from engage.extensions import language
from engage.home.forms import QuickForm
from engage.plan.actions.queries.waiting import WaitingAction

# A cached form holds this in place of the reader's token. No title can contain it.
_TOKEN = secrets.token_urlsafe(24)


def forms_of(shown: Iterable[WaitingAction]) -> dict[int, Markup]:
    """Returns the forms of actions of mine, by the action's number."""
    actions = list(shown)
    if not actions:
        return {}
    token, base, words = generate_csrf(), _base_url(), language()
    kept = {
        each.number: _drawn(each.number, each.version, each.due_on, each.title, base, words)
        for each in actions
    }
    return {
        number: Markup(form.replace(_TOKEN, token))  # noqa: S704 - Jinja's own
        for number, form in kept.items()
    }


def _base_url() -> str:
    """Returns the address to which an action's number is appended."""
    return url_for("home.answer", number=1)[:-1]


@lru_cache(maxsize=1000)
def _drawn(number: int, version: int, due_on: date | None, title: str, base: str, _language: str) -> str:
    form = QuickForm(number, formdata=None, data={"version": version, "due_on": due_on})
    if "csrf_token" in form:
        form.csrf_token.current_token = _TOKEN
    drawn = _rendered(form, number, title, f"{base}{number}")
    # A page has eight of them; without the templates' indentation they are a third smaller. They contain no
    # text yet.
    return "\n".join(line for each in drawn.splitlines() if (line := each.strip()))


def refused(form: QuickForm, action: WaitingAction, *, is_stale: bool) -> Markup:
    """Draws the form open, with the typed text and the errors."""
    number = action.number
    form.version.data = str(action.version)
    drawn = _rendered(form, number, action.title, f"{_base_url()}{number}", is_open=True, is_stale=is_stale)
    return Markup(drawn)  # noqa: S704 - Jinja's own


def _rendered(
    form: QuickForm, number: int, title: str, url: str, *, is_open: bool = False, is_stale: bool = False
) -> str:
    context = {"form": form, "number": number, "title": title, "url": url}
    return render_template("home/_quick.html", **context, is_open=is_open, is_stale=is_stale)
