"""Defines command groups whose commands run inside the application, like Flask's commands.

Flask is imported only when such a command runs. Importing it takes as long as everything else in `engage
--version`, and in the part of `engage serve` that opens the socket.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from flask import Flask


def within_app(work: Callable[..., object]) -> Callable[..., object]:
    """Makes a command run inside the application context, which the main group's `create_app` builds."""

    @functools.wraps(work)
    def begin(*words: object, **named: object) -> object:
        from flask.cli import with_appcontext

        _tell_flask(click.get_current_context())
        return with_appcontext(work)(*words, **named)

    return begin


def _tell_flask(ctx: click.Context) -> None:
    """Sets how Flask's commands build the application, unless the caller has already set it."""
    from flask.cli import ScriptInfo

    group = ctx.find_root().command
    if ctx.find_object(ScriptInfo) is None and isinstance(group, Main):
        ctx.obj = ScriptInfo(create_app=lambda: group.create_app())


class CommandGroup(click.Group):
    """A group whose commands run inside the application, except those with `with_appcontext=False`."""

    def command(self, *words: object, with_appcontext: bool = True, **named: object) -> Any:
        make = super().command(*words, **named)
        return (lambda work: make(within_app(work))) if with_appcontext else make


class Main(CommandGroup):
    """The main group. It also has Flask's developer commands, which the help does not show."""

    # `make dev` and CONTRIBUTING.md use these.
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
