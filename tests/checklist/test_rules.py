import pytest
from hypothesis import given
from hypothesis import strategies as st

from engage.checklist.rules import (
    MOVES,
    PROOF_LENGTH,
    ItemFor,
    ItemState,
    NotForUsIsNotTicked,
    Progress,
    before_done,
    is_proof,
    progress,
    shown,
    ticked,
)

NOT_YET, IN_PROGRESS, DONE, NOT_FOR_US = ItemState


@pytest.mark.parametrize("state", [NOT_YET, IN_PROGRESS])
@pytest.mark.parametrize("before", [None, *ItemState])
def test_the_tick_finishes_what_is_not_yet_done(state: ItemState, before: ItemState | None) -> None:
    assert ticked(state, before) is DONE


@pytest.mark.parametrize("state", [NOT_YET, IN_PROGRESS])
def test_ticking_twice_goes_back_to_what_it_was(state: ItemState) -> None:
    remembered = before_done(state, DONE, None)

    assert ticked(ticked(state, None), remembered) is state


@pytest.mark.parametrize("before", [None, DONE, NOT_FOR_US])
def test_unticking_without_earlier_work_goes_back_to_not_yet(before: ItemState | None) -> None:
    assert ticked(DONE, before) is NOT_YET


def test_what_is_not_for_us_has_no_tick() -> None:
    with pytest.raises(NotForUsIsNotTicked):
        ticked(NOT_FOR_US, NOT_YET)


@pytest.mark.parametrize(
    ("old", "new", "before", "remembered"),
    [
        (IN_PROGRESS, DONE, None, IN_PROGRESS),
        (NOT_YET, DONE, IN_PROGRESS, NOT_YET),
        (DONE, DONE, IN_PROGRESS, IN_PROGRESS),
        (DONE, NOT_YET, IN_PROGRESS, None),
        (NOT_YET, IN_PROGRESS, None, None),
    ],
)
def test_what_came_before_is_remembered_only_while_done(
    old: ItemState, new: ItemState, before: ItemState | None, remembered: ItemState | None
) -> None:
    assert before_done(old, new, before) is remembered


def test_every_state_may_be_chosen_after_every_other() -> None:
    assert all(MOVES[state] == set(ItemState) - {state} for state in ItemState)


def test_not_for_us_leaves_the_denominator() -> None:
    assert progress([DONE, NOT_FOR_US, IN_PROGRESS, NOT_YET, DONE, NOT_FOR_US]) == Progress(2, 4, 2)


@pytest.mark.parametrize(
    ("states", "percent"),
    [
        ([], 0),
        ([NOT_FOR_US], 0),
        ([DONE], 100),
        ([DONE, NOT_YET, NOT_YET], 33),
        ([DONE] * 199 + [NOT_YET], 99),
    ],
)
def test_a_hundred_percent_means_all_of_something(states: list[ItemState], percent: int) -> None:
    assert progress(states).percent == percent


@given(st.lists(st.sampled_from(ItemState)))
def test_progress_counts_every_item_once_and_stays_in_bounds(states: list[ItemState]) -> None:
    result = progress(iter(states))

    assert result.total + result.not_for_us == len(states)
    assert 0 <= result.done <= result.total
    assert 0 <= result.percent <= 100
    assert (result.percent == 100) is (result.done == result.total > 0)


@pytest.mark.parametrize(
    ("stage", "for_whom"),
    [
        (None, {ItemFor.NEW, ItemFor.EXISTING, ItemFor.BOTH}),
        ("new", {ItemFor.NEW, ItemFor.BOTH}),
        ("existing", {ItemFor.EXISTING, ItemFor.BOTH}),
    ],
)
def test_a_coalition_sees_the_items_of_its_stage(stage: str | None, for_whom: set[ItemFor]) -> None:
    assert {item_for for item_for in ItemFor if shown(item_for, stage)} == for_whom


@pytest.mark.parametrize(
    "address",
    [
        "https://example.org",
        "https://example.org/",
        "http://example.org/minutes.pdf",
        "HTTPS://Example.ORG/x",
        "https://example.org:8443/a?b=c&d=e#f",
        "https://example.org/a%20b",
        "https://docs.example.org/d/1-_~x/edit?next=https://example.org/a@b",
        "https://b\u00fccher.example/stra\u00dfe",
        "http://192.0.2.1/x",
        "http://[2001:db8::1]:8080/x",
        "http://localhost:8000/",
        "/c/river-county/",
        "/c/river-county/plan/actions/14",
        "/c/river-county/meetings/?kind=general&page=2#line-3",
        "https://example.org/" + "a" * (PROOF_LENGTH - 20),
    ],
)
def test_an_address_in_the_net_or_a_page_of_this_coalition_is_proof(address: str) -> None:
    assert is_proof(address, "river-county")


@pytest.mark.parametrize(
    "address",
    [
        "",
        " ",
        "example.org",
        "www.example.org/x",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\tscript:alert(1)",
        "javascript://example.org/%0aalert(1)",
        "data:text/html,<b>x</b>",
        "vbscript:x",
        "file:///etc/passwd",
        "ftp://example.org/x",
        "mailto:ana@example.org",
        "tel:911",
        "blob:https://example.org/x",
        "//example.org/x",
        "///example.org/x",
        "http:/example.org",
        "http:example.org",
        "https:///x",
        "https://",
        "https://:443/x",
        "https://?x",
        "https://.",
        "https://-x-/",
        "https://a..b/",
        "https://ana@example.org/",
        "https://ana:secret@example.org/",
        "https://example.org:99999/",
        "https://example.org:port/",
        "https://[::1/",
        "https://[x]/",
        "https://exa%6dple.org/",
        "https://example.org/a b",
        "https://example.org/a\tb",
        "https://example.org/a\nb",
        "https://example.org/\x00",
        "https://example.org/\u202egpj.exe",
        "https://exam\u200bple.org/",
        "https://example.org\\@other.example/",
        'https://example.org/"onclick="x',
        "https://example.org/<b>",
        " https://example.org/",
        "https://example.org/ ",
        "https://example.org/" + "a" * (PROOF_LENGTH - 19),
        "/",
        "/c/river-county",
        "/c/other-county/plan/",
        "/c/river-county-2/plan/",
        "/c/RIVER-COUNTY/plan/",
        "/c//plan/",
        "/account/",
        "c/river-county/plan/",
        "/c/river-county//example.org",
        "/c/river-county/../other-county/",
        "/c/river-county/..",
        "/c/river-county/%2e%2e/other-county/",
        "/c/river-county/%2E./other-county/",
        "/c/river-county/%2f/example.org",
        "/c/river-county/%5c..%5cx",
        "/c/river-county/./x",
        "/c/river-county/\\example.org",
        "/c/river-county/%00",
        "/c/river-county/%0d%0aSet-Cookie:x",
        "/%63/river-county/plan/",
        "/\\example.org",
        "/\t/example.org",
    ],
)
def test_anything_else_is_no_proof(address: str) -> None:
    assert not is_proof(address, "river-county")


def test_without_a_slug_no_page_is_this_coalitions() -> None:
    assert not is_proof("/c//plan/", "")
    assert not is_proof("/c/plan/", "")


@given(st.text(alphabet=st.characters(), max_size=60), st.sampled_from(["", "https://", "http://[", "/c/a/"]))
def test_every_address_gets_an_answer(rest: str, start: str) -> None:
    assert is_proof(start + rest, "a") in {True, False}
