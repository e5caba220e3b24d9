"""Subclasses Flask so that what builds addresses is compiled on demand, and once."""

from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from flask import Flask, g, has_request_context, request
from werkzeug.routing import Map, Rule, RuleFactory

# This is more than the menus, tabs and pages of about a hundred coalitions that are busy at a time.
_MOST_ADDRESSES = 20_000


def _compiling(name: str, append_unknown: bool) -> Callable[..., tuple[str, str]]:
    """Returns what compiles a rule's address builder when an address is asked for, and takes its place."""

    def build(rule: Rule, **values: object) -> tuple[str, str]:
        compiled = Rule._compile_builder(rule, append_unknown).__get__(rule, None)
        setattr(rule, name, compiled)
        built: tuple[str, str] = compiled(**values)
        return built

    return build


@cache
def _once(piece: tuple[bool, str]) -> tuple[bool, str]:
    """Returns a piece of an address as it was met first: of four thousand in the rules, four hundred differ."""
    return piece


class _Route(Rule):
    """A rule that compiles its address builder when its first address is built.

    With five hundred routes a start would compile a thousand functions, which is a sixth of it.
    """

    _waiting = (_compiling("_build", False), _compiling("_build_unknown", True))

    def _compile_builder(self, append_unknown: bool = True) -> Callable[..., tuple[str, str]]:
        return self._waiting[append_unknown]

    def compile(self) -> None:
        super().compile()
        self._trace = [_once(piece) for piece in self._trace]


class _Routes(Map):
    """The rules, without the parts that the matcher was made of: it keeps those that it reads, a tenth of 2.7 MB."""

    def add(self, rulefactory: RuleFactory) -> None:
        super().add(rulefactory)
        for rule in rulefactory.get_rules(self):
            rule._parts = []


class Application(Flask):
    """The application.

    `url_for` answers as Flask's. Its result is cached by what it depends on, because a page asks for sixty
    addresses, at ten microseconds each.
    """

    url_rule_class = _Route
    url_map_class = _Routes

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
