"""Two recorders of one line: what each of them changed counts, and two texts for one field are never merged."""

import pytest

from engage.meetings.notes.rules import OpenedNotes, Said, meant, merged
from engage.meetings.rules import Outcome, at_closing

BEFORE = Said("Beds", Outcome.OPEN)


@pytest.mark.parametrize(
    ("typed", "saved", "said", "clashes"),
    [
        (("Beds", "open"), ("Theirs", "done"), ("Theirs", "done"), set()),
        (("Mine", "open"), ("Beds", "open"), ("Mine", "open"), set()),
        (("Mine", "open"), ("Beds", "done"), ("Mine", "done"), set()),
        (("Beds", "dropped"), ("Theirs", "open"), ("Theirs", "dropped"), set()),
        (("Same", "done"), ("Same", "done"), ("Same", "done"), set()),
        (("Mine", "done"), ("Theirs", "open"), ("Theirs", "done"), {"notes"}),
        (("Mine", "done"), ("Theirs", "dropped"), ("Theirs", "dropped"), {"notes", "outcome"}),
        (("", "open"), ("Beds", "open"), ("", "open"), set()),
    ],
)
def test_each_field_takes_what_was_changed(
    typed: tuple[str, str], saved: tuple[str, str], said: tuple[str, str], clashes: set[str]
) -> None:
    def read(pair: tuple[str, str]) -> Said:
        return Said(pair[0], Outcome(pair[1]))

    merge = merged(read(typed), read(saved), OpenedNotes.of(BEFORE))
    assert (merge.said, merge.clashes) == (read(said), clashes)


@pytest.mark.parametrize("text", ["", "open", "done 0123", "  "])
def test_a_page_that_does_not_say_what_it_showed_writes_over_nothing(text: str) -> None:
    merge = merged(Said("Mine", Outcome.DONE), BEFORE, OpenedNotes.read(text))
    assert merge.said.notes == "Beds"
    assert "notes" in merge.clashes


def test_what_the_page_showed_comes_back_as_it_went() -> None:
    assert OpenedNotes.read(str(OpenedNotes.of(BEFORE))) == OpenedNotes.of(BEFORE)


def test_an_open_line_that_was_talked_about_is_done_at_closing() -> None:
    assert at_closing(Outcome.OPEN, is_noted=True) is Outcome.DONE
    assert at_closing(Outcome.OPEN, is_noted=False) is Outcome.NOT_REACHED
    assert at_closing(Outcome.NOT_REACHED, is_noted=True) is Outcome.NOT_REACHED


def test_a_first_name_goes_before_a_beginning_and_a_name_of_marks_alone_is_no_crash() -> None:
    names = ["", "dan reyes", "dana wu"]
    assert meant("dan", names) == ["dan reyes"]
    assert meant("da", names) == ["dan reyes", "dana wu"]
