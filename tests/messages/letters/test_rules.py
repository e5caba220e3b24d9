"""What letters fill in, how fast they go out, and which refusals are for good."""

from datetime import UTC, datetime, timedelta

import pytest

from engage.messages.letters.rules import (
    LetterState,
    filled,
    is_lost,
    is_temporary,
    one_line,
    paragraphs,
    pause,
    read_key,
)

NOW = datetime(2026, 11, 25, 15, 30, tzinfo=UTC)


def test_a_name_that_holds_merge_words_or_markup_stays_text() -> None:
    assert filled("Hello [name], see [link]", "[link] [name] <b>", "L") == "Hello [link] [name] <b>, see L"
    assert filled("[NAME] [nam] [[link]]", "Ana", "L") == "Ana [nam] [L]"


def test_paragraphs_keep_lines_and_know_where_the_link_stands() -> None:
    found = paragraphs("Hello [name],\n\n\nsee [link]\nbye\n", "[link]")
    assert found == [[["Hello ", "[link]", ","]], [["see ", None, ""], ["bye"]]]


def test_nothing_begins_a_line_of_its_own_in_a_mails_head() -> None:
    assert one_line("Agenda\r\nBcc: x@example.org\u2028\x0bend ") == "Agenda Bcc: x@example.org end"


@pytest.mark.parametrize(
    ("words", "temporary"),
    [
        ("RCPT TO: 450 try later", True),
        ("421 busy", True),
        ("RCPT TO: 550 no such user 450", False),
        ("no answer", False),
    ],
)
def test_only_what_the_server_refused_for_now_is_tried_again(words: str, temporary: bool) -> None:
    assert is_temporary(words) is temporary


def test_the_pace_counts_from_the_latest_letter_whoever_sent_it() -> None:
    assert pause(None, NOW, 60) == 0
    assert pause(NOW, NOW, 60) == 1
    assert pause(NOW - timedelta(seconds=0.25), NOW, 30) == 1.75
    assert pause(NOW - timedelta(seconds=5), NOW, 30) == 0
    assert pause(NOW + timedelta(days=9), NOW, 30) == 0
    assert pause(NOW, NOW, 0) == 0


def test_a_letter_whose_sender_stopped_is_lost_after_five_minutes() -> None:
    moment = NOW - timedelta(minutes=5)
    assert is_lost(LetterState.CLAIMED, moment, NOW)
    assert not is_lost(LetterState.CLAIMED, moment + timedelta(seconds=1), NOW)
    assert is_lost(LetterState.UNKNOWN, NOW, NOW)
    assert not is_lost(LetterState.SENT, moment, NOW)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("meeting:4", ("meeting", 4)),
        ("late", ("late", 0)),
        ("meeting:04", ("", 0)),
        ("meeting:4:5", ("", 0)),
        ("", ("", 0)),
        ("Meeting:1", ("", 0)),
        ("meeting:9999999999", ("", 0)),
    ],
)
def test_a_key_is_a_kind_and_a_number(text: str, key: tuple[str, int]) -> None:
    assert read_key(text) == key
