"""Tests that what is no coalition's file is refused in one line, before anything in it is used."""

import json

import pytest

from engage.operations.coalition_file.layout import FORMAT, VERSION
from engage.operations.coalition_file.queries.reading import document_in
from engage.operations.refused import Refused

WHOLE = {
    "format": FORMAT,
    "version": VERSION,
    "schema": "0001",
    "coalition": {},
    "accounts": [],
    "rows": {},
    "single_answers": True,
}


def test_a_whole_file_is_read_whatever_language_it_is_in() -> None:
    written = {**WHOLE, "coalition": {"name": "Condado de Ñuñoa 🌿"}}
    assert document_in(json.dumps(written).encode()) == written
    assert document_in(json.dumps(written, ensure_ascii=False).encode()) == written


@pytest.mark.parametrize(
    ("part", "value"),
    [
        ("coalition", {"name": "\ud800"}),
        ("rows", {"plan_goal": [{"title": "a\udfffb"}]}),
        ("rows", {"\ud800": []}),
        ("accounts", [{"id": 1, "name": "\ud83c", "email": "a@example.org", "disabled": False}]),
        ("stays", {"strengths_ballot": "\udc80"}),
    ],
)
def test_half_of_a_character_is_refused_in_one_line(part: str, value: object) -> None:
    text = json.dumps({**WHOLE, part: value})
    in_bytes = json.dumps({**WHOLE, part: value}, ensure_ascii=False).encode("utf-8", "surrogatepass")
    for raw in (text.encode(), in_bytes):
        with pytest.raises(Refused) as refused:
            document_in(raw)
        assert str(refused.value) == "The file is damaged: it holds half of a character (a lone surrogate)."


def test_lists_within_lists_without_end_are_refused() -> None:
    raw = json.dumps(WHOLE)[:-1].encode() + b', "stays": ' + b"[" * 200_000 + b"]" * 200_000 + b"}"
    with pytest.raises(Refused, match="not JSON"):
        document_in(raw)
