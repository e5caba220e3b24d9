"""Marks views with who may open them and how; `engage.frame.authorization` reads the marks before it runs a view.

A view of a coalition's page instead names a permission, with `allows` of `engage.coalitions.permissions`.
"""

from collections.abc import Callable
from enum import Enum
from typing import TypeVar

from flask import current_app

View = TypeVar("View", bound=Callable[..., object])


def public(view: View) -> View:
    """Opens the view to everyone."""
    view.access = "public"  # type: ignore[attr-defined]
    return view


def signed_in(view: View) -> View:
    """Opens the view to everyone with an account, outside any coalition."""
    view.access = "signed_in"  # type: ignore[attr-defined]
    return view


def admin(view: View) -> View:
    """Opens the view to the installation's admins; for everyone else the page does not exist."""
    view.access = "admin"  # type: ignore[attr-defined]
    return view


def recently(view: View) -> View:
    """Requires a recent password for a sensitive change; as a decorator it goes below the one for access.

    The change happens only if the person gave the password in this session within the last ten minutes.
    Otherwise a page asks for it, and keeps the posted fields.
    """
    view.recently = True  # type: ignore[attr-defined]
    return view


def button(view: View) -> View:
    """Marks a view that only a button posts to, without typed text; it goes below the route's access.

    If the CSRF token has expired or the person had to sign in again, the view does not run: there is no text
    to show again, so the person is redirected to the page that has the button.
    """
    view.button = True  # type: ignore[attr-defined]
    return view


def evening_step(view: View) -> View:
    """Marks a view that can complete a step of a coalition's first evening; it goes below the route's access.

    Its answer then says how many of the steps are done, with a link to the next one.
    """
    view.evening_step = True  # type: ignore[attr-defined]
    return view


def is_evening_step(endpoint: str) -> bool:
    return getattr(current_app.view_functions[endpoint], "evening_step", False)


def access_of(endpoint: str) -> str | Enum | None:
    """Returns the access that a view declares: a mark of this module, a permission, or None (refused)."""
    return getattr(current_app.view_functions[endpoint], "access", None)
