"""Addresses in pasted text."""

from time import process_time

import pytest

from engage.coalitions.invitations import pasted
from engage.coalitions.invitations.pasted import Addressee

ANN = Addressee("ann@x.org", "Ann Lee")
BOB = Addressee("bob@x.org", "Bob Ray")


@pytest.mark.parametrize(
    "text",
    [
        "Ann Lee <ann@x.org>, Bob Ray <bob@x.org>",
        "Ann Lee <ann@x.org>; Bob Ray <bob@x.org>;",
        "Ann Lee <ann@x.org>\r\n\r\n  Bob Ray <bob@x.org>  \n",
        '"Lee, Ann" <ann@x.org>, "Bob Ray" <bob@x.org>',
        "Lee, Ann <ann@x.org>; Ray, Bob <bob@x.org>",
        "Ann Lee\tann@x.org\nBob Ray\tbob@x.org",
        "Ann Lee,ann@x.org\nBob Ray,bob@x.org",
        "ann@x.org,Ann Lee\nbob@x.org,Bob Ray",
        "Ann Lee, ann@x.org, Bob Ray, bob@x.org",
        "Ann Lee ann@x.org\nBob Ray (bob@x.org)",
        "ann@x.org (Ann Lee)\nbob@x.org (Bob Ray)",
        "Ann Lee <mailto:ANN@X.org>\nBob Ray <Bob@x.org>.",
        "Name\tE-mail\tOrganization\nAnn Lee\tann@x.org\tGrace Church\nBob Ray\tbob@x.org\tHope\t(513) 555-0100",
        "Email Address\tName\tTown\nann@x.org\tAnn Lee\tEaston\nbob@x.org\tBob Ray\tWeston",
        "First\tLast\tCorreo electrónico\nAnn\tLee\tann@x.org\t\nBob\tRay\tbob@x.org\t",
        "• Ann Lee – ann@x.org\n• Bob Ray | bob@x.org",
        "Last Name\tFirst Name\tE-mail Address\nLee\tAnn\tann@x.org\nRay\tBob\tbob@x.org",
        "Members 2026\n\nAgency\tName\tWork Email\nHope\tAnn Lee\tann@x.org\nPolice\tRay, Bob\tbob@x.org",
        'Name,Email,Organization\n"Lee, Ann",ann@x.org,Hope\n"Ray, Bob",bob@x.org,Police',
        "First Name,Last Name,Email\nAnn,Lee,ann@x.org\nBob,Ray,bob@x.org",
        "1\tAnn Lee\t(513) 555-0100\tann@x.org\n2\tBob Ray\t\tbob@x.org",
    ],
)
def test_names_and_addresses_are_read_in_any_common_form(text: str) -> None:
    assert pasted.read(text) == pasted.Pasted((ANN, BOB), ())


def test_bare_addresses_may_stand_on_one_line() -> None:
    read = pasted.read("ann@x.org bob@x.org, cy@x.org; dee@x.org")
    assert [person.email for person in read.people] == ["ann@x.org", "bob@x.org", "cy@x.org", "dee@x.org"]


def test_a_column_is_read_with_its_name_and_without_dots_numbers_and_invisible_marks() -> None:
    read = pasted.read("\nE-mail\n1. ann@x.org\n• bob@x.org\n\u200ecy@x.org\n")
    assert read == pasted.Pasted(tuple(Addressee(f"{name}@x.org") for name in ("ann", "bob", "cy")), ())


def test_a_row_without_an_address_is_named_as_it_stands() -> None:
    read = pasted.read("Name\tEmail\nAnn Lee\tann@x.org / ann@y.org\nBob Ray\tTBD\n\n")
    assert read.people == (ANN, Addressee("ann@y.org"))
    assert read.bad == ("Bob Ray TBD",)


def test_only_the_first_line_names_columns() -> None:
    assert pasted.read("ann@x.org\nE-mail").bad == ("E-mail",)


def test_an_address_that_stands_twice_counts_once_with_its_first_name() -> None:
    read = pasted.read("ann@x.org\nAnn Lee <Ann@X.org>\nA. Lee <ann@x.org>")
    assert read.people == (ANN,)


@pytest.mark.parametrize(
    ("text", "bad"),
    [
        ("Ann Lee", "Ann Lee"),
        ("ann@", "ann@"),
        ("@x.org", "@x.org"),
        ("ann@x", "ann@x"),
        ("Ann Lee <ann@@x.org>", "Ann Lee ann@@x.org"),
        (f"{'Ann ' * 40}<ann@x.org>", f"{'Ann ' * 40}ann@x.org"),
        (f"{'a' * 300}@x.org", f"{'a' * 300}@x.org"),
    ],
)
def test_what_is_no_address_is_named(text: str, bad: str) -> None:
    read = pasted.read(f"bob@x.org\n{text}\ncy@x.org")
    assert read.bad == (bad,)
    assert [person.email for person in read.people] == ["bob@x.org", "cy@x.org"]


def test_a_piece_without_an_address_beside_others_is_named() -> None:
    read = pasted.read("Ann Lee <ann@x.org>, Bob Ray <bob@x.org>, Cy")
    assert read == pasted.Pasted((ANN, BOB), ("Cy",))


@pytest.mark.parametrize("above", ["", "Name,Email\n"])
def test_a_line_that_is_longer_than_any_row_of_a_table_is_named(above: str) -> None:
    read = pasted.read(f"{above}{'word ' * 60_000}\nann@x.org")
    assert ([each.email for each in read.people], len(read.bad)) == (["ann@x.org"], 1)


@pytest.mark.parametrize("text", ["1", '";', ";", "a@b.c,", 'a,"'])
def test_no_text_takes_longer_than_its_length(text: str) -> None:
    began = process_time()
    pasted.read(text * (20_000 // len(text)))
    assert process_time() - began < 0.45


def test_a_long_line_without_addresses_is_read_in_no_time() -> None:
    assert len(pasted.read("," * 20_000).bad) == 0
    assert len(pasted.read('"' * 20_000).bad) <= 1
    assert len(pasted.read("a, " * 6_000).bad) == 1
