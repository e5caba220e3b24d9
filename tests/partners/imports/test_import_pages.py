"""Organizations from a file: every page of the way, and what can go wrong on it."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.coalitions.undo_imports import saving
from engage.database import folded
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.models import Contact, Organization, OrganizationTag
from engage.partners.rules import ContactPlace, TagKind
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_organization, saved, the_coalition
from tests.html import Page, words
from tests.partners.steps import IMPORT, outcomes, preview, save, sent, table, upload

FILE = "/c/riverbend/partners/organizations.csv"
LIST = table(
    ["Organization", "Type", "Phone", "Street Address", "Languages", "Contact", "Contact email"],
    [
        "Grace Church",
        "Churches",
        "555-1212",
        "12 Main Street",
        "English, Spanish",
        "Ann O'Neil",
        "Ann@Grace.example",
    ],
    ["County Hospital", "Health care and public health", "", "1 Hill Road", "", "", ""],
)


def names() -> list[str]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(Organization.name).order_by(Organization.sort_key)))


def only_organization() -> Organization:
    db.session.expire_all()
    return db.session.scalars(sa.select(Organization)).one()


def tags(kind: TagKind) -> list[str]:
    rows = sa.select(OrganizationTag.value).where(OrganizationTag.kind == kind).order_by(OrganizationTag.id)
    return list(db.session.scalars(rows))


def contacts() -> dict[str, tuple[ContactPlace, str]]:
    db.session.expire_all()
    return {row.name: (row.place, row.email) for row in db.session.scalars(sa.select(Contact))}


def make_contact(organization: Organization, place: ContactPlace, name: str, **values: Any) -> Contact:
    return saved(
        Contact(
            coalition_id=organization.coalition_id,
            organization_id=organization.id,
            place=place,
            name=name,
            sort_key=folded(name),
            **values,
        )
    )


def faith(*rows: tuple[str, ...], head: tuple[str, ...] = ("Name", "Sector")) -> str:
    return table(head, *rows)


# -- in


def test_a_list_is_taken_in_with_what_belongs_to_each_organization(coordinator: EngageClient) -> None:
    page = preview(coordinator, LIST)
    assert (page.status, outcomes(page)) == (200, {"Grace Church": "new", "County Hospital": "new"})
    assert names() == []
    answer = save(coordinator, page)
    assert (answer.status, answer.location) == (303, "/c/riverbend/partners/")
    assert coordinator.page(answer.location).has("2 organizations are added.")
    grace = db.session.scalars(sa.select(Organization).where(Organization.name == "Grace Church")).one()
    assert (grace.sector, grace.phone, grace.added_by_id) == ("faith", "555-1212", coordinator.membership.id)
    assert tags(TagKind.LANGUAGE) == ["English", "Spanish"]
    assert contacts() == {"Ann O'Neil": (ContactPlace.MAIN, "ann@grace.example")}
    happened = db.session.scalars(sa.select(HistoryEntry)).all()
    assert [(row.thing, row.field, row.actor_id) for row in happened] == [
        ("partners_organization", "added", coordinator.membership.id)
    ] * 2


def test_rows_can_be_pasted(coordinator: EngageClient) -> None:
    page = coordinator.send(IMPORT, table="Name\tSector\nGrace Church\tFaith-based\n")
    assert (page.status, page.value("column_0"), page.value("column_1")) == (200, "name", "sector")


def test_the_file_that_comes_out_changes_nothing_when_it_is_read_in(coordinator: EngageClient) -> None:
    rows = table(
        [
            "Name",
            "Sector",
            "Disciplines",
            "Services",
            "Counties",
            "Website",
            "Phone",
            "About",
            "Contact",
            "Contact job",
        ],
        [
            "=Peña & Søn, “Inc.”",
            "Faith-based",
            "Food, clothing, and basic needs; Teachers and classroom aides",
            'Beds; "Coats; shoes"',
            "Lee, Polk",
            "pena.example",
            "+1 417",
            "Two\nlines",
            "Ann",
            "-",
        ],
    )
    save(coordinator, preview(coordinator, rows))
    assert only_organization().name == "=Peña & Søn, “Inc.”"
    assert tags(TagKind.DISCIPLINE) == ["basic_needs", "teachers"]
    assert tags(TagKind.SERVICE) == ["Beds", "Coats; shoes"]
    out = coordinator.get(FILE).get_data()
    assert b"\"'=Pe" in out
    page = preview(coordinator, out)
    assert outcomes(page) == {"=Peña & Søn, “Inc.”": "already here"}
    assert page.has("There is nothing to import.")
    assert "Import now" not in page.texts("button")


def test_a_list_that_came_out_in_spanish_is_read_in_english(coordinator: EngageClient) -> None:
    save(coordinator, preview(coordinator, LIST))
    file = coordinator.get(
        "/c/riverbend/partners/organizations.csv", headers={"Accept-Language": "es"}
    ).get_data()
    assert "Nombre de la organización" in file.decode()
    page = preview(coordinator, file)
    assert (page.status, set(outcomes(page).values())) == (200, {"already here"})


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "latin-1", "utf-16"])
def test_a_file_is_read_however_its_letters_are_written(coordinator: EngageClient, codec: str) -> None:
    page = preview(coordinator, "Name;Sector\nIglesia Peña;Faith-based\n".encode(codec))
    assert outcomes(page) == {"Iglesia Peña": "new"}


def test_a_header_no_one_knows_is_mapped_by_hand(coordinator: EngageClient) -> None:
    rows = table(["Wer", "Was"], ["Grace Church", "Kirche"])
    page = preview(coordinator, rows)
    assert (page.status, page.errors) == (422, ["Say which column is: Name of the organization."])
    page = preview(coordinator, rows, column_0="name", column_1="sector")
    assert page.errors == ["Say what “Kirche” means here."]
    (word,) = [name for name in sent(page) if name.startswith("meant_sector")]
    page = preview(coordinator, rows, column_0="name", column_1="sector", **{word: "faith"})
    assert outcomes(page) == {"Grace Church": "new"}
    save(coordinator, page)
    assert only_organization().sector == "faith"


def test_a_table_without_names_of_columns_is_read_from_its_first_row(coordinator: EngageClient) -> None:
    fields = sent(upload(coordinator, table(["Grace Church", "Faith-based"], ["Hope House", "Other"])))
    page = Page(coordinator.post(f"{IMPORT}columns", data={**fields, "heading": "0", "do": "read"}))
    chosen = {**sent(page), "column_0": "name", "column_1": "sector", "do": "preview"}
    page = Page(coordinator.post(f"{IMPORT}columns", data=chosen))
    assert outcomes(page) == {"Grace Church": "new", "Hope House": "new"}


def test_a_street_address_is_shown_and_cannot_be_chosen(coordinator: EngageClient) -> None:
    page = upload(coordinator, LIST)
    assert page.has("D: Street Address Cannot be imported")
    assert "column_3" not in sent(page)
    page = preview(coordinator, LIST, column_3="about")
    save(coordinator, page)
    assert set(db.session.scalars(sa.select(Organization.about))) == {""}


def test_two_columns_for_one_field_are_refused_and_for_a_list_are_joined(coordinator: EngageClient) -> None:
    rows = table(["Name", "Sector", "A", "B"], ["Grace Church", "faith", "English", "Spanish"])
    page = preview(coordinator, rows, column_2="phone", column_3="phone")
    assert page.errors == ["Two columns are chosen for: Office phone. Leave one out."]
    save(coordinator, preview(coordinator, rows, column_2="languages", column_3="languages"))
    assert tags(TagKind.LANGUAGE) == ["English", "Spanish"]


def test_rows_without_a_sector_get_the_one_that_is_said_but_those_here_keep_theirs(
    coordinator: EngageClient,
) -> None:
    make_organization(name="Hope House", sector="health")
    rows = table(["Name", "Phone"], ["Grace Church", "1"], ["Hope House", "2"])
    page = preview(coordinator, rows)
    assert outcomes(page) == {"Grace Church": "wrong", "Hope House": "changes"}
    (word,) = [name for name in sent(upload(coordinator, rows)) if name.startswith("meant_sector")]
    save(coordinator, preview(coordinator, rows, **{word: "faith"}))
    found = db.session.execute(sa.select(Organization.name, Organization.sector, Organization.phone))
    assert set(map(tuple, found)) == {("Grace Church", "faith", "1"), ("Hope House", "health", "2")}


# -- these are which of both are not here yet, and the texts that no one has checked


@pytest.mark.parametrize(
    ("column", "cell", "message"),
    [
        ("Email", "not an address", "Enter an e-mail address like name@example.org."),
        ("Email", "a@b.org, c@d.org", "Only one e-mail address fits here. Keep one, like name@example.org."),
        ("Phone", "6.14555E+09", "Your spreadsheet left out digits of this number."),
        ("Website", "not an address", "Enter a web address like example.org or https://example.org/help."),
        ("Website", "facebook", "Enter a web address like example.org or https://example.org/help."),
        ("Website", "javascript://x", "Enter a web address like example.org or https://example.org/help."),
        ("Phone", "1" * 41, "This is too long: at most 40 characters. Nothing was cut; shorten it."),
        ("About", "x" * 2001, "This is too long: at most 2000 characters. Nothing was cut; shorten it."),
        ("Services", ";".join(map(str, range(31))), "At most 30. Nothing was cut; name the main ones."),
        ("Contact email", "ann@grace.example", "Also enter the name of this contact."),
        ("Main contact may commit the organization", "maybe", "Enter yes or no, or leave it empty."),
    ],
)
def test_a_wrong_cell_is_named_with_its_row_and_column(
    coordinator: EngageClient, column: str, cell: str, message: str
) -> None:
    page = preview(coordinator, table(["Name", "Sector", column], ["Grace Church", "faith", cell]))
    assert outcomes(page) == {"Grace Church": "wrong"}
    assert message in page.text("#imports-wrong")
    assert page.text("#imports-wrong .import-number") == "2"


@pytest.mark.parametrize(
    ("column", "cell", "kept"),
    [
        ("email", "Ann Lee <Ann@grace.example>", "ann@grace.example"),
        ("email", "ann@grace.example (work)", "ann@grace.example"),
        ("phone", "6145551234.0", "6145551234"),
        ("phone", "(614) 555-1234", "(614) 555-1234"),
    ],
)
def test_an_address_with_a_name_and_a_number_with_a_point_are_put_right(
    coordinator: EngageClient, column: str, cell: str, kept: str
) -> None:
    rows = table(["Name", "Sector", column], ["Grace Church", "faith", cell])
    save(coordinator, preview(coordinator, rows))
    assert getattr(only_organization(), column) == kept


def test_a_sector_that_is_not_known_yet_is_none(coordinator: EngageClient) -> None:
    page = upload(coordinator, table(["Name", "Sector"], ["Grace Church", "TBD"], ["Hope House", "faith"]))
    assert page.texts("#imports-words label") == ["Rows without one"]


@pytest.mark.parametrize("nothing", ["N/A", "TBD", "none", "—", "?"])
def test_a_cell_that_says_there_is_nothing_makes_no_contact_address_or_language(
    coordinator: EngageClient, nothing: str
) -> None:
    head = ["Name", "Sector", "Website", "Email", "Phone", "Languages", "Main contact", "Contact may commit"]
    taken = preview(coordinator, table(head, ["Grace Church", "faith", *[nothing] * 6]))
    assert outcomes(taken) == {"Grace Church": "new"}
    save(coordinator, taken)
    grace = db.session.scalars(sa.select(Organization)).one()
    assert (grace.website, grace.email, grace.phone, tags(TagKind.LANGUAGE), contacts()) == (
        "",
        "",
        "",
        [],
        {},
    )


def test_a_second_row_of_an_organization_is_named_and_its_person_not_mixed_in(
    coordinator: EngageClient,
) -> None:
    head = ["Agency", "Type", "Contact", "Email", "Phone"]
    rows = table(
        head,
        ["Grace Church", "faith", "Ann Lee", "ann@grace.example", "1"],
        ["Grace Church", "faith", "Bob Ray", "bob@grace.example", "2"],
    )
    page = preview(coordinator, rows)
    assert "Row 2 is the same organization." in page.text("#imports-wrong")
    save(coordinator, page, leave_wrong="y")
    people = db.session.execute(sa.select(Contact.name, Contact.place, Contact.email))
    assert list(map(tuple, people)) == [("Ann Lee", "main", "ann@grace.example")]


def test_an_address_in_rows_without_a_contact_is_the_organization_s(coordinator: EngageClient) -> None:
    head = ["Agency", "Type", "Contact", "Email"]
    rows = table(
        head, ["Grace", "faith", "Ann Lee", "ann@grace.example"], ["Hope", "faith", "", "us@hope.example"]
    )
    save(coordinator, preview(coordinator, rows))
    assert set(db.session.scalars(sa.select(Organization.email))) == {"ann@grace.example", "us@hope.example"}


def test_a_name_that_is_missing_too_long_or_there_twice_is_wrong(coordinator: EngageClient) -> None:
    rows = faith(("", "faith"), ("x" * 121, "faith"), ("Grace", "faith"), ("GRACE", "health"))
    page = preview(coordinator, rows)
    said = page.text("#imports-wrong")
    assert "This is missing." in said
    assert "This is too long: at most 120 characters." in said
    assert "Row 4 is the same organization. Join the two rows, or leave this one out." in said


def test_nothing_is_written_while_a_row_is_wrong_unless_it_is_left_out_knowingly(
    coordinator: EngageClient,
) -> None:
    page = preview(coordinator, faith(("Grace Church", "faith"), ("", "faith")))
    answer = save(coordinator, page)
    assert answer.status == 422
    assert "1 row has a problem." in answer.errors[0]
    assert names() == []
    assert save(coordinator, answer, leave_wrong="y").status == 303
    assert names() == ["Grace Church"]


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "There is nothing in it."),
        (b"\n\n", "There is nothing in it."),
        (b"Name,Sector\n", "There are no rows below the column names."),
        (b"PK\x03\x04...", "This workbook cannot be read."),
        (b"\x00\x01\x02\x03", "This is not a text file."),
        (b"%PDF-1.7\n1 0 obj, x\n", "This is not a table but a PDF, a web page, or a document"),
        (
            b"\xef\xbb\xbf <html><table>\n<tr><td>a, b\n",
            "This is not a table but a PDF, a web page, or a document",
        ),
        (b"<?xml version='1.0'?>\n<Workbook>\n", "This is not a table but a PDF, a web page, or a document"),
        (b"{\\rtf1 Name, Sector\\par\nx,y", "This is not a table but a PDF, a web page, or a document"),
        (b'Name,Sector\n"Grace,faith\n', "A quotation mark in row 2 is never closed."),
        (b'Name,Sector\n"a"b,faith\n', "In row 2 a cell continues after its closing quotation mark."),
        (b"Name\n" + b"x" * 10_001, "A cell in row 2 has more than 10,000 characters."),
        (b"Name\n" + b"x\n" * 5_001, "At most 5,000 rows at once."),
        (b",".join([b"x"] * 61) + b"\na", "This table has too many columns."),
    ],
)
def test_a_file_that_cannot_be_read_says_why(coordinator: EngageClient, raw: bytes, message: str) -> None:
    page = upload(coordinator, raw)
    assert page.status == 422
    assert message in page.errors[0]


def test_neither_a_file_nor_rows_is_said_so(coordinator: EngageClient) -> None:
    page = coordinator.send(IMPORT)
    assert (page.status, page.errors) == (422, ["Choose a file, or paste its rows below."])


def test_more_than_two_megabytes_are_refused(coordinator: EngageClient) -> None:
    page = coordinator.send(IMPORT, table="Name\n" + "x" * 2_000_000)
    assert (page.status, page.errors) == (422, ["This file is too large: at most 2 MB. Split it in two."])


def test_what_was_pasted_comes_back_when_it_is_refused(coordinator: EngageClient) -> None:
    page = coordinator.send(IMPORT, table="Name only")
    assert page.status == 422
    assert page.value("table") == "Name only"
    assert page.all("#table[aria-invalid=true]")


@pytest.mark.parametrize("step", ["columns", "save"])
@pytest.mark.parametrize("carried", ["", "nonsense", "AAAA"])
def test_a_file_that_did_not_come_along_is_asked_for_again(
    coordinator: EngageClient, step: str, carried: str
) -> None:
    page = coordinator.send(f"{IMPORT}{step}", carried=carried)
    assert (page.status, page.errors) == (422, ["The file did not arrive. Choose it again."])


def test_a_column_of_many_strange_words_is_not_a_sector(coordinator: EngageClient) -> None:
    rows = faith(*((f"Group {'abcdefgh'[number % 8]} {number}", f"word {number}") for number in range(60)))
    page = preview(coordinator, rows)
    assert page.status == 422
    assert page.errors[0].startswith("The file has many words Engage does not know for: Sector")
    assert len([name for name in sent(page) if name.startswith("meant_")]) == 0


# -- texts that may hold what Engage does not keep


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("Call Ann at 417-555-0134.", "a phone number"),
        (
            "The girl there says her uncle keeps her money and won't let her leave.",
            "a story about a real person",
        ),
        ("The house is at 12 Main Street.", "a street address"),
    ],
)
def test_a_text_that_looks_like_details_is_looked_at_first(
    coordinator: EngageClient, text: str, kinds: str
) -> None:
    page = preview(coordinator, table(["Name", "Sector", "About"], ["Grace Church", "faith", text]))
    assert kinds in page.text("#imports-texts")
    answer = save(coordinator, page)
    assert answer.errors == ["Read the wording that may contain details, then check the box."]
    assert names() == []
    other = save(coordinator, page, texts="0" * 32)  # accepted for another text
    assert other.status == 422
    accept = page.one("[name=texts]").attributes["value"]
    assert save(coordinator, page, texts=accept).status == 303
    assert only_organization().about == text


def test_a_text_that_is_here_already_is_not_asked_about_again(coordinator: EngageClient) -> None:
    make_organization(name="Grace Church", sector="faith", about="Call 417-555-0134.")
    page = preview(coordinator, table(["Name", "About"], ["Grace Church", "Call 417-555-0134."]))
    assert not page.all("#imports-texts")


# -- those that are here


def test_the_same_file_twice_writes_nothing_the_second_time(coordinator: EngageClient) -> None:
    save(coordinator, preview(coordinator, LIST))
    count = db.session.scalar(sa.select(sa.func.count()).select_from(HistoryEntry))
    page = preview(coordinator, LIST)
    assert set(outcomes(page).values()) == {"already here"}
    assert save(coordinator, page).status == 303
    assert db.session.scalar(sa.select(sa.func.count()).select_from(HistoryEntry)) == count
    assert names() == ["County Hospital", "Grace Church"]


@pytest.mark.parametrize(
    ("policy", "outcome", "phone", "email"),
    [
        ("replace", "changes", "2", "new@grace.example"),
        ("fill", "changes", "1", "new@grace.example"),
        ("leave", "stays as it is", "1", ""),
    ],
)
def test_what_happens_to_those_here_is_chosen(
    coordinator: EngageClient, policy: str, outcome: str, phone: str, email: str
) -> None:
    row = make_organization(name="Grace Church", sector="faith", phone="1", about="Stays.")
    version = row.version
    rows = table(["Name", "Phone", "Email", "About"], ["grace CHURCH", "2", "new@grace.example", ""])
    page = preview(coordinator, rows, policy=policy)
    assert list(outcomes(page).values()) == [outcome]
    save(coordinator, page)
    row = only_organization()
    assert (row.name, row.phone, row.email, row.about) == ("Grace Church", phone, email, "Stays.")
    assert row.version == version + (policy != "leave")
    fields = set(db.session.scalars(sa.select(HistoryEntry.field)))
    assert fields == {"replace": {"phone", "email"}, "fill": {"email"}, "leave": set()}[policy]


def test_a_change_shows_what_was_and_what_will_be(coordinator: EngageClient) -> None:
    make_organization(name="Grace Church", sector="faith", phone="1")
    page = preview(coordinator, table(["Name", "Phone"], ["Grace Church", "2"]))
    assert (page.text("#imports-rows del"), page.text("#imports-rows ins")) == ("1", "2")


def test_a_list_in_a_cell_takes_the_place_of_what_was_there(coordinator: EngageClient) -> None:
    save(coordinator, preview(coordinator, LIST))
    save(coordinator, preview(coordinator, table(["Name", "Languages"], ["Grace Church", "Spanish; Arabic"])))
    assert tags(TagKind.LANGUAGE) == ["Spanish", "Arabic"]


def test_another_main_contact_keeps_the_earlier_one_as_another(coordinator: EngageClient) -> None:
    grace = make_organization(name="Grace Church", sector="faith")
    make_contact(grace, ContactPlace.MAIN, "Ann Lee", email="ann@grace.example")
    page = preview(coordinator, table(["Name", "Contact"], ["Grace Church", "Bob Ray"]))
    assert page.has("Main contact: e-mail: ann@grace.example (empty)")
    save(coordinator, page)
    assert contacts() == {
        "Ann Lee": (ContactPlace.OTHER, "ann@grace.example"),
        "Bob Ray": (ContactPlace.MAIN, ""),
    }


def test_two_contacts_can_change_places(coordinator: EngageClient) -> None:
    grace = make_organization(name="Grace Church", sector="faith")
    make_contact(grace, ContactPlace.MAIN, "Ann Lee", email="ann@grace.example")
    make_contact(grace, ContactPlace.ALTERNATE, "Bob Ray", email="bob@grace.example")
    rows = table(["Name", "Contact", "Alternate contact"], ["Grace Church", "Bob Ray", "Ann Lee"])
    save(coordinator, preview(coordinator, rows))
    assert contacts() == {
        "Ann Lee": (ContactPlace.ALTERNATE, "ann@grace.example"),
        "Bob Ray": (ContactPlace.MAIN, "bob@grace.example"),
    }


def test_what_is_empty_of_one_contact_is_not_filled_with_another_s(coordinator: EngageClient) -> None:
    grace = make_organization(name="Grace Church", sector="faith")
    make_contact(grace, ContactPlace.MAIN, "Ann Lee")
    rows = table(["Name", "Contact", "Contact email"], ["Grace Church", "Bob Ray", "bob@grace.example"])
    page = preview(coordinator, rows, policy="fill")
    assert list(outcomes(page).values()) == ["stays as it is"]
    save(coordinator, page)
    assert contacts() == {"Ann Lee": (ContactPlace.MAIN, "")}


# -- possible duplicates


def test_a_possible_duplicate_needs_an_answer(coordinator: EngageClient) -> None:
    make_organization(name="Grace Lutheran Church")
    page = preview(coordinator, faith(("Grace Lutheran", "faith"), ("Hope House", "health")))
    assert outcomes(page) == {"Grace Lutheran": "possible duplicate", "Hope House": "new"}
    answer = save(coordinator, page)
    assert (answer.status, answer.errors) == (422, ["Say what happens to the possible duplicates."])
    assert names() == ["Grace Lutheran Church"]


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        ({"alike": "add"}, ["Grace Lutheran", "Grace Lutheran Church", "Hope House"]),
        ({"alike": "leave_out"}, ["Grace Lutheran Church", "Hope House"]),
        ({"alike": "add", "alike_2": "leave_out"}, ["Grace Lutheran Church", "Hope House"]),
        ({"alike_2": "add"}, ["Grace Lutheran", "Grace Lutheran Church", "Hope House"]),
    ],
)
def test_possible_duplicates_are_added_or_left_out(
    coordinator: EngageClient, fields: dict[str, str], expected: list[str]
) -> None:
    make_organization(name="Grace Lutheran Church")
    page = preview(coordinator, faith(("Grace Lutheran", "faith"), ("Hope House", "health")))
    assert save(coordinator, page, **fields).status == 303
    assert names() == expected


def test_a_row_that_is_said_to_be_one_here_is_shown_again_before_it_changes_it(
    coordinator: EngageClient,
) -> None:
    row = make_organization(name="Grace Lutheran Church", sector="faith")
    rows = table(["Name", "Sector", "Phone"], ["Grace Lutheran", "faith", "7"])
    page = preview(coordinator, rows)
    again = save(coordinator, page, alike_2=str(row.id))
    assert again.status == 200
    assert again.has("Check again: your choice changes the result")
    assert list(outcomes(again).values()) == ["changes"]
    assert only_organization().phone == ""
    assert save(coordinator, again).status == 303
    assert (only_organization().name, only_organization().phone) == ("Grace Lutheran Church", "7")


def test_rows_of_one_file_can_be_alike_too(coordinator: EngageClient) -> None:
    page = preview(coordinator, faith(("Salvation Army", "faith"), ("Salvaton Army", "faith")))
    assert outcomes(page) == {"Salvation Army": "new", "Salvaton Army": "possible duplicate"}
    assert page.has("Similar to: row 2 of this file: Salvation Army")


# -- two people at once


def test_who_added_one_meanwhile_is_not_written_over(coordinator: EngageClient) -> None:
    page = preview(coordinator, faith(("Grace Church", "faith"), ("Hope House", "health")))
    make_organization(name="Grace Church", sector="nonprofit")
    answer = save(coordinator, page)
    assert answer.status == 409
    assert answer.has("Someone changed something in the meantime")
    assert answer.has("The result is now different for 1 row.")
    assert "Grace Church" in answer.text("#imports-unlike")
    assert names() == ["Grace Church"]
    assert save(coordinator, answer).status == 303
    assert names() == ["Grace Church", "Hope House"]


def overtake(monkeypatch: pytest.MonkeyPatch, act: Callable[[sa.Connection], object], times: int = 1) -> None:
    """Lets someone else commit something right before an import takes its lock."""
    left = [times]
    before = saving.write_from_here

    def first_somebody_else() -> None:
        before()
        if left[0]:
            left[0] -= 1
            with db.engine.begin() as connection:
                act(connection)

    monkeypatch.setattr(saving, "write_from_here", first_somebody_else)


def add(name: str, coalition_id: int) -> Callable[[sa.Connection], object]:
    values = {"coalition_id": coalition_id, "sector": "other", "created_at": clock.now(), "version": 1}
    values |= dict.fromkeys(("website", "phone", "email", "about"), "")
    return lambda connection: connection.execute(
        sa.insert(Organization.__table__).values(name=name, sort_key=folded(name), **values)
    )


def test_an_import_that_is_overtaken_is_compared_anew(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = preview(coordinator, faith(("Grace Church", "faith")))
    overtake(monkeypatch, add("Something quite different", the_coalition().id))
    assert save(coordinator, page).status == 303
    assert names() == ["Grace Church", "Something quite different"]
    page = preview(coordinator, faith(("Hope House", "faith"), ("Other Place", "faith")))
    overtake(monkeypatch, add("Hope House", the_coalition().id))
    assert save(coordinator, page).status == 409
    assert "Other Place" not in names()


def test_who_is_overtaken_again_and_again_is_told_so(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = preview(coordinator, faith(("Grace Church", "faith")))
    number = iter(range(100))
    strange = ["Umbrella", "Kiosk", "Violin"]
    coalition_id = the_coalition().id
    overtake(monkeypatch, lambda connection: add(strange[next(number)], coalition_id)(connection), times=3)
    answer = save(coordinator, page)
    assert answer.status == 409
    assert answer.has("Someone else is editing the organizations right now.")
    assert "Grace Church" not in names()


# -- whose it is


@pytest.mark.parametrize("role", [Role.MEMBER, Role.VIEWER])
def test_only_coordinators_take_in_and_out(
    client_of: Callable[[Membership], EngageClient], role: Role
) -> None:
    client = client_of(make_membership(role=role))
    make_organization()
    for path in (IMPORT, FILE, "/c/riverbend/partners/empty.csv"):
        assert client.get(path).status_code == 403
    for step in ("", "columns", "save"):
        assert client.send(f"{IMPORT}{step}").status == 403
    assert not client.page("/c/riverbend/partners/").all("a[href*='import'], a[href$='.csv']")


def test_another_coalition_s_organizations_are_neither_seen_nor_changed(coordinator: EngageClient) -> None:
    other = make_organization(name="Grace Church", phone="1", coalition=make_coalition(slug="elsewhere"))
    other_id = other.id
    page = preview(coordinator, table(["Name", "Sector", "Phone"], ["Grace Church", "faith", "2"]))
    assert outcomes(page) == {"Grace Church": "new"}
    page = preview(coordinator, table(["Name", "Sector", "Phone"], ["Grace Churches", "faith", "2"]))
    save(coordinator, page, alike_2=str(other_id))
    assert db.session.get_one(Organization, other_id).phone == "1"
    assert 'Grace Church"' not in coordinator.get(FILE).get_data(as_text=True)


def test_a_page_that_was_open_for_too_long_shows_the_preview_again(coordinator: EngageClient) -> None:
    page = preview(coordinator, faith(("Grace Church", "faith")))
    fields = {**sent(page), "csrf_token": "old"}
    answer = Page(coordinator.post(f"{IMPORT}save", data=fields))
    assert answer.status == 400
    assert outcomes(answer) == {"Grace Church": "new"}
    assert names() == []
    assert save(coordinator, answer).status == 303


def test_going_back_to_the_columns_keeps_what_was_chosen(coordinator: EngageClient) -> None:
    page = preview(coordinator, LIST, column_2="", policy="fill")
    page = Page(coordinator.post(f"{IMPORT}columns", data={**sent(page), "do": "columns"}))
    assert (page.status, page.value("column_2"), page.value("column_0")) == (200, "", "name")
    assert page.all("input[name=policy][value=fill][checked]")


# -- many


def test_statements_do_not_grow_with_the_rows(coordinator: EngageClient) -> None:
    def statements(first: int, count: int) -> int:
        numbers = range(first, first + count)
        rows = table(
            ["Name", "Sector", "Languages", "Contact"],
            *(
                (f"{chr(97 + n % 26) * 9} {n * 7919}", "faith", "English; Spanish", f"Ann {n}")
                for n in numbers
            ),
        )
        page = preview(coordinator, rows)
        with counted_queries() as seen:
            assert save(coordinator, page, alike="add").status == 303
        return len(seen)

    assert statements(100, 300) == statements(10, 3)


def test_the_first_rows_are_shown_and_all_that_are_wrong(coordinator: EngageClient) -> None:
    rows = [
        (f"{chr(97 + n % 26) * 9} {n * 7919}", "faith", "" if n < 230 else "nonsense") for n in range(250)
    ]
    page = preview(coordinator, table(["Name", "Sector", "Email"], *rows))
    assert len(page.all("#imports-rows tbody tr")) == 200
    assert len(page.all("#imports-wrong tbody tr")) == 20
    assert page.has("the first 200 of 250")


def test_an_empty_list_can_be_downloaded_and_filled(coordinator: EngageClient) -> None:
    text = coordinator.get("/c/riverbend/partners/empty.csv").get_data(as_text=True)
    page = upload(coordinator, text + '"Grace Church","Faith-based"\r\n')
    chosen = [value for name, value in sent(page).items() if name.startswith("column_")]
    assert chosen[:2] == ["name", "sector"]
    fields = [words(node) for node in coordinator.page(IMPORT).all("#partners-import-fields li")]
    assert len(fields) == text.count(",") + 1


def test_no_one_imports_for_someone_else(coordinator: EngageClient) -> None:
    save(coordinator, preview(coordinator, faith(("Grace Church", "faith"))))
    place = db.session.get_one(Membership, only_organization().added_by_id)
    assert place.id == coordinator.membership.id


# -- back from the preview


def back(client: EngageClient, page: Page, **ticked: str) -> Page:
    """Presses *Back to the columns* on a preview with some choices made."""
    return Page(client.post(f"{IMPORT}columns", data={**sent(page), **ticked, "do": "columns"}))


def forward(client: EngageClient, page: Page, **changes: str) -> Page:
    return Page(client.post(f"{IMPORT}columns", data={"do": "preview", **sent(page), **changes}))


def test_back_from_the_preview_and_on_again_keeps_what_was_chosen(coordinator: EngageClient) -> None:
    grace, _harbor = make_organization(name="Grace Church"), make_organization(name="Harbor House")
    rows = table(
        ("Name", "Sector", "About", "Web"),
        ("Harbor Houses", "Made-up word", "", ""),
        ("Grace Churches", "Made-up word", "Call 555-010-1234", "https://example.org"),
        ("", "Made-up word", "", ""),
    )
    columns = upload(coordinator, rows)
    (word,) = [name for name in sent(columns) if name.startswith("meant_")]
    page = forward(coordinator, columns, **{word: "faith", "column_3": "", "policy": "fill"})
    ticks = {
        "leave_wrong": "y",
        "alike": "leave_out",
        "alike_3": str(grace.id),
        "texts": page.one("[name=texts]").attributes["value"] or "",
    }
    columns = back(coordinator, page, **ticks)
    assert sent(columns).items() >= {word: "faith", "column_3": "", "policy": "fill"}.items()

    page = forward(coordinator, columns)

    assert sent(page).items() >= ticks.items()
    answer = save(coordinator, page)
    assert answer.status == 303, answer.errors
    db.session.refresh(grace)
    assert grace.about == "Call 555-010-1234" and grace.website == ""
    assert names() == ["Grace Church", "Harbor House"]


def test_rows_with_other_problems_are_not_left_out_by_the_tick_from_before(coordinator: EngageClient) -> None:
    rows = table(("Name", "Sector"), ("Grace Church", "faith"), ("", "faith"))
    page = forward(coordinator, upload(coordinator, rows))
    columns = back(coordinator, page, leave_wrong="y")
    assert sent(forward(coordinator, columns))["leave_wrong"] == "y"
    more = forward(coordinator, columns, column_1="")
    assert "2" in more.text("#imports-counts") and "leave_wrong" not in sent(more)
