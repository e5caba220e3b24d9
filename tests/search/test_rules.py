"""What was typed, in words; what matched, in pieces."""

import pytest

from engage.search import rules


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("Niñas y Niños", ["ninas", "y", "ninos"]),
        ("Vu\u0301 VU\u0301", ["vu"]),
        ('"beds" OR shelter*', ["beds", "or", "shelter"]),
        ("%_'; --", []),
        ("x", ["x"]),
        ("a b c d e f g h i j", list("abcdefgh")),
    ],
)
def test_words_have_no_accents_no_case_and_no_punctuation(typed: str, words: list[str]) -> None:
    assert rules.words_of(typed) == words


@pytest.mark.parametrize("meant", ["shelter", "helter", "sheltter", "shetler", "shalter"])
def test_one_letter_may_be_missing_too_many_wrong_or_swapped(meant: str) -> None:
    assert meant in rules.one_letter_off("shelter")


def test_two_wrong_letters_are_another_word() -> None:
    assert "shellers" not in rules.one_letter_off("shelter")


def test_short_words_and_numbers_are_taken_as_they_are_typed() -> None:
    assert rules.mistyped(["bed", "2027"]) == []
    assert [len(ways) > 1 for ways in rules.mistyped(["bed", "nurse", "house", "night", "after"])] == [
        False,
        True,
        True,
        True,
        False,
    ]


def test_a_query_names_the_coalition_the_columns_and_each_word() -> None:
    words = [["bed", "red"], ["a"]]
    asked = 'scope : "c7" AND {title open} : (("bed"* OR "red"*) AND ("a"))'
    assert rules.as_fts5(words, "c7", "title open") == asked
    assert rules.as_tsquery(words, "/7") == "'/7' & ('bed':* | 'red':*) & ('a')"


def test_a_text_of_ours_has_every_word_by_its_beginning_a_single_letter_alone() -> None:
    there = rules.words_in("Niñas: a bed, PLAN 9")
    assert rules.matches(there, [["nin"], ["be", "re"], ["a"], ["9"]])
    assert not rules.matches(there, [["nin"], ["red"]])
    assert not rules.matches(there, [["p"]])
    assert not rules.matches(there, [["lan"]])


def test_what_matches_is_marked_in_the_text_as_it_was_written() -> None:
    pieces = rules.marked("Camas para NIÑAS, ninguna más", [["nina"]])
    assert pieces == [("Camas para ", False), ("NIÑAS", True), (", ninguna más", False)]
    assert rules.marked("A at a", [["a"]]) == [("A", True), (" at ", False), ("a", True)]


def test_an_excerpt_is_of_whole_words_around_the_first_match() -> None:
    text = f"{'before ' * 20}the beds\n{'after ' * 20}"
    shown = "".join(piece.text for piece in rules.excerpt(text, [["beds"]]))
    assert shown.startswith("… before before")
    assert "the beds after" in shown
    assert shown.endswith("after …")
    assert len(shown) < 160
    assert rules.excerpt("nothing here", [["beds"]]) == []
    assert rules.excerpt("beds", [["beds"]]) == [("beds", True)]
    long = "".join(piece.text for piece in rules.excerpt("x" * 400 + " beds " + "y" * 400, [["beds"]]))
    assert "beds" in long
    assert len(long) < 160
