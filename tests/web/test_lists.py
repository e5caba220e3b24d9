"""What an address asks a list for: read with care, and said again by its links."""

from datetime import date
from enum import StrEnum

import pytest

from engage.web.lists import (
    ListFilters,
    asked,
    day_asked,
    enum_asked,
    filter_options,
    flag_asked,
    key_asked,
    number_asked,
    text_asked,
)


class Shown(StrEnum):
    ALL = "all"
    DUE = "due"


class Filters(ListFilters, frozen=True):
    show: Shown = enum_asked(Shown, Shown.ALL)
    other: Shown | None = enum_asked(Shown, says="also")
    kind: str = key_asked(lambda: {"a", "b"})
    text: str = text_asked(10)
    late: bool = flag_asked()
    names: bool = flag_asked("no", usual=True)
    goal: int | None = number_asked(least=0)
    page: int = number_asked(1, digits=3)
    since: date | None = day_asked()
    keep: str = asked("", str, write=None)


ADDRESS = {
    "show": "due",
    "also": "all",
    "kind": "b",
    "text": "two words",
    "late": "1",
    "names": "no",
    "goal": "0",
    "page": "12",
    "since": "2026-03-15",
}


def test_an_address_is_read_and_said_again() -> None:
    found = Filters.of({**ADDRESS, "keep": "x"})
    everything = Filters(
        Shown.DUE, Shown.ALL, "b", "two words", True, False, 0, 12, date(2026, 3, 15), keep="x"
    )
    assert found == everything
    assert found.args() == ADDRESS


def test_what_is_usual_stands_in_no_address() -> None:
    assert Filters.of({}) == Filters()
    assert Filters.of({"show": "all", "page": "1", "names": "yes"}).args() == {}


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("show", "none"),
        ("also", ""),
        ("kind", "c"),
        ("text", " \x00 "),
        ("late", "yes"),
        ("goal", "-1"),
        ("goal", "²"),
        ("goal", "1234567890"),
        ("page", "0"),
        ("page", "1000"),
        ("since", "20260315"),
        ("since", "2026-02-30"),
    ],
)
def test_what_is_said_wrongly_is_left_out(name: str, wrong: str) -> None:
    assert Filters.of({name: wrong}) == Filters()


def test_a_long_text_is_cut_and_its_spaces_are_folded() -> None:
    assert Filters.of({"text": "  one \t two three four"}).text == "one two th"


def test_a_link_changes_one_thing() -> None:
    assert Filters.of(ADDRESS).with_(page=1, show=Shown.ALL).args() == {
        name: said for name, said in ADDRESS.items() if name not in {"page", "show"}
    }


@pytest.mark.parametrize(("chosen", "current"), [(None, ""), ("", ""), (2, "2"), (3, None)])
def test_a_filters_first_option_asks_for_nothing_and_is_chosen_where_nothing_is(
    chosen: object, current: str | None
) -> None:
    options = filter_options("All", [(1, "One"), (2, "Two")], chosen)
    assert [(each.value, each.label) for each in options] == [("", "All"), ("1", "One"), ("2", "Two")]
    assert [each.value for each in options if each.current] == ([] if current is None else [current])
