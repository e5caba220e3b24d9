"""Tests that the templates which all tests share are those of this code."""

from pathlib import Path

import pytest
from jinja2 import DictLoader, Environment

from tests import compiled


def test_a_template_that_was_compiled_for_other_code_is_compiled_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A constant went through a filter as it was then."""
    for code, greeting in (("before", "hello"), ("before", "hello"), ("after", "good day")):
        monkeypatch.setattr(compiled, "_code", lambda code=code: code)
        environment = Environment(
            loader=DictLoader({"page.html": "{{ 'Dan' | greet }}"}),
            bytecode_cache=compiled.Compiled(str(tmp_path)),
            autoescape=True,
        )
        environment.filters["greet"] = lambda name, greeting=greeting: f"{greeting} {name}"
        assert environment.get_template("page.html").render() == f"{greeting} Dan"
    assert len([*tmp_path.iterdir()]) == 1
