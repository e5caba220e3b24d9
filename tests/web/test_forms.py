"""Tests what every form shares: what is refused, in which words, and that the text comes back as text."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from flask import Flask
from selectolax.lexbor import LexborHTMLParser
from werkzeug.datastructures import MultiDict
from wtforms.validators import ValidationError

from engage.i18n import lazy_gettext as _l
from engage.web.forms import (
    Address,
    Day,
    EngageForm,
    FreeLine,
    FreeText,
    NameLine,
    Number,
    OneOf,
    RowSelect,
    SeveralOf,
    VersionedForm,
)


class Everything(EngageForm):
    line = NameLine("Line")
    needed = NameLine("Needed", required="Write it.")
    text = FreeText("Text")
    free = FreeLine("Free")
    address = Address("Address")
    day = Day("Day")
    number = Number("Number", least=1, most=5)
    row = RowSelect("Row", nothing="Nobody")
    one = OneOf("One", {"a": "A", "b": "B"})
    several = SeveralOf("Several", [("x", "X"), ("y", "Y")])


GOOD = {"needed": "here", "number": "3"}


@pytest.fixture(autouse=True)
def posting(app: Flask) -> Iterator[None]:
    with app.test_request_context("/", method="POST"):
        yield


def form(**fields: Any) -> Everything:
    made = Everything(formdata=MultiDict({**GOOD, **fields}), meta={"csrf": False})
    made.row.offer([(4, "Ana"), (7, "Ben")])
    return made


def refused(name: str, value: Any) -> str:
    made = form(**{name: value})
    assert not made.validate()
    assert set(made.errors) == {name}
    return " ".join(str(error) for error in made[name].errors)


def test_what_is_missing_is_empty_never_none() -> None:
    made = form()
    assert made.validate(), made.errors
    assert (made.line.data, made.text.data, made.free.data, made.address.data) == ("", "", "", "")
    assert (made.day.data, made.row.row_id, made.several.data) == (None, None, [])


@pytest.mark.parametrize("hidden", ["\x00", "\x07", "\x1b[31m", "\x7f", "\u200b", "\u202e", "\ufeff"])
@pytest.mark.parametrize("name", ["line", "text", "free"])
def test_characters_that_cannot_be_seen_are_refused(name: str, hidden: str) -> None:
    assert "cannot be seen" in refused(name, f"before{hidden}after")


@pytest.mark.parametrize("text", ["two\nlines\tand a tab", "naïve café", "👩\u200d🚒", "العربية", "١٢٣"])
def test_what_people_type_is_taken(text: str) -> None:
    made = form(text=text)
    assert made.validate(), made.errors
    assert made.text.data == text


def test_line_breaks_are_made_alike_and_ends_trimmed() -> None:
    made = form(text=" a\r\nb\rc \n", line=" a \n b ")
    assert made.validate()
    assert (made.text.data, made.line.data) == ("a\nb\nc", "a b")


@pytest.mark.parametrize(("name", "longest"), [("line", 120), ("free", 300), ("text", 5000)])
def test_a_text_may_be_as_long_as_it_says(name: str, longest: int) -> None:
    assert form(**{name: "x" * longest}).validate()
    assert f"at most {longest} characters" in refused(name, "x" * (longest + 1))
    assert f"at most {longest} characters" in refused(name, "word " * 60_000)


@pytest.mark.parametrize(
    "value", ["no address", "a@", "=?utf-8?b?Cg==?=@example.org", "a=?u?q?=0A?=@example.org"]
)
def test_an_address_that_is_none_or_that_a_mails_head_would_decode_is_refused(value: str) -> None:
    assert "like name@example.org" in refused("address", value)


@pytest.mark.parametrize(
    "value", ["0", "6", "-1", "1" + "0" * 30, "1e1", "3.5", "three", "", "0x3", "9" * 5000]
)
def test_a_number_out_of_bounds_or_none_is_refused(value: str) -> None:
    assert refused("number", value)


@pytest.mark.parametrize(
    "value", ["yesterday", "2026-02-30", "0001-01-01", "9999-12-31", "2026-13-01", "1" * 400, "01/02/2026"]
)
def test_a_day_that_is_none_is_refused(value: str) -> None:
    assert refused("day", value)


def test_a_day_is_read() -> None:
    made = form(day="2026-03-15")
    assert made.validate()
    assert made.day.data == date(2026, 3, 15)


@pytest.mark.parametrize("value", ["5", "-1", "4 OR 1=1", "1" + "0" * 30, "x", "4.0", "\x00"])
def test_a_row_that_was_not_offered_is_refused(value: str) -> None:
    assert refused("row", value)


@pytest.mark.parametrize(("value", "row"), [("4", 4), ("0", None), ("", None)])
def test_a_row_that_was_offered_is_taken(value: str, row: int | None) -> None:
    made = form(row=value)
    assert made.validate(), made.errors
    assert made.row.row_id == row


def test_unknown_choices_are_refused() -> None:
    assert refused("one", "c")
    assert refused("several", "z")


@pytest.mark.parametrize(
    "value",
    [
        "maria",
        "maria@",
        "@example.org",
        "a b@example.org",
        "a@b.org,c@d.org",
        "a@b.org\nBcc: x@y.org",
        "x" * 300 + "@example.org",
    ],
)
def test_what_is_no_address_is_refused_once(value: str) -> None:
    made = form(address=value)
    assert not made.validate()
    assert len(made.address.errors) == 1


@pytest.mark.parametrize("value", ["", "0", "-1", "x", "1.5", "9" * 40, "١"])
def test_a_version_that_is_none_is_no_rows(value: str) -> None:
    made = VersionedForm(formdata=MultiDict({"version": value}), meta={"csrf": False})
    assert made.opened_version == 0


def test_a_found_detail_waits_for_the_writers_word_about_this_very_text(app: Flask) -> None:
    text = "Call Dana at 555-867-5309"
    asked = form(text=text)
    assert not asked.validate()
    assert "a phone number" in asked.text.findings_words
    accepted = {"text": text, "text-accepted": asked.text.accept_value}
    with app.test_request_context("/", method="POST", data=accepted):
        assert form(text=text).validate()
        assert not form(text=text.replace("5309", "5310")).validate()


def test_a_name_is_asked_about_like_any_text() -> None:
    assert not form(line="Room 555-867-5309").validate()
    assert form(line="Room 12").validate()


def test_what_was_typed_stays_text_in_every_message(app: Flask) -> None:
    """A lazy string passes itself off as safe HTML; a message that quotes what was typed must not."""

    class Quoting(EngageForm):
        line = NameLine("Line")

        def validate_line(self, field: NameLine) -> None:
            raise ValidationError(_l("Not this: %(what)s", what=field.data))

    made = Quoting(formdata=MultiDict({"line": "<script>alert(1)</script>"}), meta={"csrf": False})
    assert not made.validate()
    page = app.jinja_env.from_string(
        "{% from 'macros/forms.html' import field, error_summary %}{{ error_summary(form) }}{{ field(form.line) }}"
    ).render(form=made)
    assert "<script>" not in page
    assert page.count("&lt;script&gt;") == 3


def test_the_summary_says_of_which_field_it_speaks_where_several_are_refused_alike(app: Flask) -> None:
    class Two(EngageForm):
        title = NameLine("Title", longest=3)
        place = NameLine("Place", longest=3)

    template = app.jinja_env.from_string(
        "{% from 'macros/forms.html' import error_summary %}{{ error_summary(form) }}"
    )
    for typed, said in (
        ({"title": "long", "place": "long"}, ["Title: This is too long", "Place: This is too long"]),
        ({"title": "long", "place": "ok"}, ["This is too long"]),
    ):
        made = Two(formdata=MultiDict(typed), meta={"csrf": False})
        assert not made.validate()
        links = [node.text() for node in LexborHTMLParser(template.render(form=made)).css("li a")]
        assert [each.partition(": at most")[0] for each in links] == said


def test_while_a_session_is_being_signed_in_again_nothing_is_saved(app: Flask) -> None:
    from flask import g

    g.replaying = True
    assert form().validate_on_submit() is False


def test_what_is_sent_in_part_or_as_spaces_alone_is_no_crash(app: Flask) -> None:
    class Part(VersionedForm):
        one = OneOf("One", {"a": "A"})

    with app.test_request_context("/", method="POST", data={"one": "\r\n "}):
        form = Part(meta={"csrf": False}, data={"version": 3})
        form.validate()
        assert form.one.data == ""
