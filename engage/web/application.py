"""Subclasses Flask so that what builds addresses is compiled on demand, and once."""

from collections.abc import Callable
from functools import lru_cache
from typing import Any

from flask import Flask, g, has_request_context, request
from werkzeug.routing import Rule

# This is more than the menus, tabs and pages of about a hundred coalitions that are busy at a time.
_MOST_ADDRESSES = 20_000


class _Route(Rule):
    """A rule that compiles its address builder when its first address is built.

    With five hundred routes a start would compile a thousand functions, which is a sixth of it.
    """

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        name = "_build_unknown" if append_unknown else "_build"

        def build(rule: Rule, **values: object) -> tuple[str, str]:
            compiled = Rule._compile_builder(rule, append_unknown).__get__(rule, None)
            setattr(rule, name, compiled)
            built: tuple[str, str] = compiled(**values)
            return built

        return build


class Application(Flask):
    """The application.

    `url_for` answers as Flask's. Its result is cached by what it depends on, because a page asks for sixty
    addresses, at ten microseconds each.
    """

    url_rule_class = _Route

    def __init__(self, *arguments: Any, **settings: Any) -> None:
        super().__init__(*arguments, **settings)
        self._kept_address = lru_cache(_MOST_ADDRESSES)(self._address)

    def url_for(
        self,
        /,
        endpoint: str,
        *,
        _anchor: str | None = None,
        _method: str | None = None,
        _scheme: str | None = None,
        _external: bool | None = None,
        **values: Any,
    ) -> str:
        if _anchor or _method or _scheme or _external or not has_request_context():
            return super().url_for(
                endpoint,
                _anchor=_anchor,
                _method=_method,
                _scheme=_scheme,
                _external=_external,
                **values,
            )
        if endpoint.startswith("."):
            endpoint = f"{request.blueprint}{endpoint}"
        given = tuple(values.values())
        try:
            # The types are part of the key: 1 and True are one key, and two addresses.
            return self._kept_address(
                request.script_root,
                g.get("slug"),
                g.get("on_paper"),
                endpoint,
                tuple(values),
                given,
                tuple(map(type, given)),
            )
        except TypeError:  # a list, as in ?id=1&id=2
            return super().url_for(endpoint, **values)

    def _address(
        self,
        _script_root: str,
        _slug: str | None,
        _on_paper: str | None,
        endpoint: str,
        names: tuple[str, ...],
        values: tuple[Any, ...],
        _types: tuple[type, ...],
    ) -> str:
        return super().url_for(endpoint, **dict(zip(names, values, strict=True)))
