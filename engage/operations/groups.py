"""Holds groups whose commands run inside the application, as Flask's commands do.

Flask is loaded only when such a command runs: loading it takes as long as everything else that `engage --version` and
the first half of `engage serve`, which only opens the socket, need to start.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask


def within_app(work: Callable[..., Any]) -> Callable[..., Any]:
    """Makes a command run inside the application, which its outermost group builds."""

    @functools.wraps(work)
    def begin(*words: Any, **named: object) -> Any:
        from flask.cli import with_appcontext

        _tell_flask(click.get_current_context())
        return with_appcontext(work)(*words, **named)

    return begin


def _tell_flask(ctx: click.Context) -> None:
    """Tells Flask's commands how to build the application, unless the caller already has."""
    from flask.cli import ScriptInfo

    group = ctx.find_root().command
    if ctx.find_object(ScriptInfo) is None and isinstance(group, Main):
        ctx.obj = ScriptInfo(create_app=lambda: group.create_app())


class Group(click.Group):
    """A group whose commands run inside the application, except those with `with_appcontext=False`."""

    def command(self, *words: Any, with_appcontext: bool = True, **named: object) -> Any:
        make = super().command(*words, **named)
        return (lambda work: make(within_app(work))) if with_appcontext else make


class Main(Group):
    """The outermost group, with Flask's commands for developers, which the help does not show."""

    # `make dev` and CONTRIBUTING.md call them.
    _OF_FLASK = ("run", "shell", "routes")

    def __init__(self, *words: Any, create_app: Callable[[], Flask], **named: Any) -> None:
        super().__init__(*words, **named)
        self.create_app = create_app

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self._OF_FLASK:
            return super().get_command(ctx, name)
        import flask.cli

        _tell_flask(ctx)
        command: click.Command = getattr(flask.cli, f"{name}_command")
        return command
