"""Tests that people come in from a contacts file: who is read of it, who comes in, and what of them is kept."""

import re
import tempfile

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.people import service as people_service
from engage.coalitions.queries import disciplines_of
from engage.coalitions.rules import Role
from engage.coalitions.undo_imports import saving
from engage.content.loader import content
from engage.database import Base
from engage.directory.imports.forms import MOST_AT_ONCE, MOST_OFFERED
from engage.extensions import db
from engage.partners.models import Affiliation, Organization
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.directory.imports import makers
from tests.directory.imports.steps import IMPORT, PEOPLE, bring, carried, left_out, offered, pasted, read
from tests.factories import make_coalition, make_membership, make_organization
from tests.html import Page
from tests.partners.steps import sent, table

# What a contact says besides the six: none of it may be anywhere afterwards.
NEVER = (
    "vigil",
    "Elm",
    "1970",
    "04-05",
    "ann.jpg",
    "/9j/",
    "Pastor",
    "Pepe",
    "Notes line",
    "Ward",
    "myContacts",
)


def people() -> dict[str, Membership]:
    db.session.expire_all()
    return {each.name: each for each in db.session.scalars(sa.select(Membership))}


def organization_of(person: Membership) -> tuple[str, str] | None:
    rows = sa.select(Organization.name, Organization.sector).join(
        Affiliation, Affiliation.organization_id == Organization.id
    )
    found = db.session.execute(rows.where(Affiliation.membership_id == person.id)).one_or_none()
    return tuple(found) if found is not None else None


def sector_fields(page: Page) -> dict[str, str]:
    return {
        str(node.attributes["name"]): page.value(str(node.attributes["name"]))
        for node in page.all("#people-organizations select")
    }


# -- what is read of each maker's file


@pytest.mark.parametrize(
    ("file", "found", "others"),
    [
        (
            makers.GOOGLE,
            {
                "Ann Lee": "ann@grace.example · 512-555-0143 · Grace Church (new)",
                "José Luis Núñez": "jose@example.org",
                "Dana": "512-555-0199 · County Hospital (new)",
            },
            {"(no name)": "wrong"},
        ),
        (makers.GOOGLE_BEFORE_2024, {"Ann Lee": "ann@grace.example · 512-555-0143 · Grace Church (new)"}, {}),
        (
            makers.outlook(
                First_Name="Ann",
                Last_Name="Lee",
                Title="Dr.",
                Company="Grace Church",
                Job_Title="Pastor",
                Home_Street="9 Elm Street",
                Business_Phone="512-555-0101",
                Mobile_Phone="512-555-0143",
                E_mail_Address="ann@grace.example",
                Birthday="4/5/1970",
                Notes="Met at the vigil",
            ),
            {"Ann Lee": "ann@grace.example · 512-555-0143 · Grace Church (new)"},
            {},
        ),
        (
            makers.OUTLOOK_SPANISH.encode("windows-1252"),
            {"Ana Muñoz Peña": "ana@gracia.example · 512-555-0143 · Iglesia Gracia (new)"},
            {},
        ),
        (
            makers.VCARD_3,
            {
                "Dr. Ann Lee": "ann@grace.example · 512-555-0143 · Grace Church, Inc. (new)",
                "Dan Reyes": "No address: they cannot be invited.",
            },
            {},
        ),
        (makers.VCARD_4, {"José Núñez": "jose@example.org · +1-512-555-0143 · County Hospital (new)"}, {}),
        (makers.VCARD_2, {"José Núñez": "jose@example.org · 512-555-0143"}, {}),
    ],
    ids=["google", "google before 2024", "outlook", "outlook in Spanish", "vcard 3", "vcard 4", "vcard 2.1"],
)
def test_of_each_makers_file_six_things_are_read(
    coordinator: EngageClient, file: str | bytes, found: dict[str, str], others: dict[str, str]
) -> None:
    page = read(coordinator, file)
    assert page.status == 200
    assert (offered(page), left_out(page)) == (found, others)
    assert not page.all("#people-new input[checked]")
    for word in NEVER:
        assert word not in carried(page)
        assert word not in page.text("#people-new")


def test_nothing_else_of_a_contact_is_in_the_database_the_log_or_a_temporary_file(
    coordinator: EngageClient, app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def refused(*_told: object, **_more: object) -> None:
        raise AssertionError("a contacts file is on the disk")

    monkeypatch.setattr(tempfile, "TemporaryFile", refused)
    long = makers.VCARD_3.replace("PHOTO;", f"X-BIG:{'b' * 900_000}\r\nPHOTO;")
    page = read(coordinator, long)
    assert bring(coordinator, page, "Dr. Ann Lee", do="list").status == 422  # its organization is asked about
    answer = bring(coordinator, page, "Dr. Ann Lee", do="list", **sector_fields_of(coordinator, page))
    assert (answer.status, "Dr. Ann Lee" in people()) == (303, True)
    stored = [
        str(row) for each in Base.metadata.tables.values() for row in db.session.execute(sa.select(each))
    ]
    assert any("ann@grace.example" in row for row in stored)
    told = [
        word for word in ("vigil", "Elm", "1970", "/9j/", "Pastor", "bbbb") for row in stored if word in row
    ]
    assert not told
    assert not [word for word in NEVER if word in caplog.text]


def sector_fields_of(coordinator: EngageClient, page: Page) -> dict[str, str]:
    """Returns the fields about organizations as they stand once everyone with one is checked."""
    asked = bring(coordinator, page, *offered(page), do="list")
    return sector_fields(asked)


# -- who comes in


def test_forty_contacts_become_twelve_invited(coordinator: EngageClient) -> None:
    make_organization(name="Grace Church", sector="faith")
    rows = [
        [f"Person{n}", "Lee", f"p{n}@example.org", "Grace Church" if n % 2 else "", f"555-01{n:02}"]
        for n in range(40)
    ]
    page = read(
        coordinator, table(["First Name", "Last Name", "E-mail Address", "Company", "Mobile Phone"], *rows)
    )
    chosen = [f"Person{n} Lee" for n in range(12)]
    answer = bring(coordinator, page, *chosen, role="viewer", days="7")
    assert answer.status == 303
    assert "/people/invitations/sheet?id=" in (answer.location or "")
    sheet = coordinator.page(answer.location or "")
    assert sheet.has("12 people are on the list.")
    assert len(sheet.all(".invite-row")) == 12
    found = people()
    assert sorted(found) == sorted([*chosen, coordinator.membership.name])
    first = found["Person1 Lee"]
    assert (first.role, first.email, first.phone, first.user_id) == (
        Role.VIEWER,
        "p1@example.org",
        "555-0101",
        None,
    )
    assert organization_of(first) == ("Grace Church", "faith")
    invitations = db.session.scalars(sa.select(Invitation)).all()
    assert {each.claims_id for each in invitations} == {found[name].id for name in chosen}
    assert {(each.role, each.uses_left) for each in invitations} == {(Role.VIEWER, 1)}
    number = db.session.scalar(sa.select(AuditEntry.number).where(AuditEntry.event == AuditEvent.IMPORTED))
    assert number == 12
    assert coordinator.page("/c/riverbend/settings/audit/").has("People, 12 rows")


def test_a_person_brought_in_keeps_everything_when_they_join(coordinator: EngageClient) -> None:
    page = read(
        coordinator,
        table(
            ["Name", "E-mail", "Phone", "Sector"],
            ["Ann Lee", "ann@example.org", "555-0101", "Residents, parents, and young people"],
        ),
    )
    bring(coordinator, page, "Ann Lee")
    place = people()["Ann Lee"]
    joining = make_membership(coalition=make_coalition()).user
    assert joining is not None
    invitation = db.session.scalars(sa.select(Invitation)).one()
    claimed = people_service.join(joining, invitation)
    db.session.commit()
    assert (claimed.id, claimed.phone, claimed.shows_phone) == (place.id, "555-0101", False)
    assert coordinator.page(f"{PEOPLE}{place.id}").has("Residents, parents, and young people")
    assert not coordinator.page(f"{PEOPLE}{place.id}").has("555-0101"), "now it is theirs to show"


def test_without_inviting_they_are_only_on_the_list(coordinator: EngageClient) -> None:
    answer = bring(coordinator, pasted(coordinator, "Ann Lee <ann@example.org>"), "Ann Lee", do="list")
    assert (answer.status, answer.location) == (303, PEOPLE)
    assert coordinator.page(PEOPLE).has("1 person is on the list.")
    assert db.session.scalars(sa.select(Invitation)).all() == []


def test_whoever_has_no_address_is_on_the_list_and_said_not_to_be_invited(coordinator: EngageClient) -> None:
    page = read(coordinator, table(["Name", "Phone"], ["Ann Lee", "555-0101"], ["Ben Cho", ""]))
    assert offered(page) == {"Ann Lee": "555-0101", "Ben Cho": "No address: they cannot be invited."}
    assert page.texts(".import-counts li") == ["no address 2 rows"]
    answer = bring(coordinator, page, "Ann Lee", "Ben Cho")
    assert answer.location == PEOPLE
    page = coordinator.page(PEOPLE)
    assert page.has("2 people are on the list. 2 have no address and were not invited.")
    assert page.has("555-0101"), "a coordinator entered it, so a coordinator sees it"


def test_nobody_checked_brings_nobody_in(coordinator: EngageClient) -> None:
    page = bring(coordinator, pasted(coordinator, "ann@example.org"))
    assert (page.status, page.errors) == (422, ["Check who comes in."])
    assert list(people()) == [coordinator.membership.name]


def test_everyone_new_can_come_in_with_one_check(coordinator: EngageClient) -> None:
    page = pasted(coordinator, "ann@example.org, Ben Cho <ben@example.org>\ncy.dale@example.org")
    assert page.text("label[for=everyone]") == "All 3 new people"
    bring(coordinator, page, everyone="y")
    assert {"ann", "Ben Cho", "cy dale"} < set(people())


def test_at_most_two_hundred_come_in_at_once(coordinator: EngageClient) -> None:
    rows = [[f"P{n}", f"p{n}@example.org"] for n in range(MOST_OFFERED + 5)]
    page = read(coordinator, table(["Name", "E-mail"], *rows))
    assert len(offered(page)) == MOST_OFFERED
    assert page.text("label[for=everyone]") == "The first 200 of 1005 new people"
    page = bring(coordinator, page, *(f"P{n}" for n in range(MOST_AT_ONCE + 1)))
    assert page.errors == ["At most 200 people at once. Bring in some now, and the others after that."]
    assert len(people()) == 1


def test_no_file_makes_a_coordinator(coordinator: EngageClient) -> None:
    page = read(coordinator, table(["Name", "E-mail", "Role"], ["Ann Lee", "ann@example.org", "coordinator"]))
    assert page.text("#imports-counts details p") == "Role"
    assert "coordinator" not in carried(page)
    assert bring(coordinator, page, "Ann Lee", role="coordinator").status == 422
    bring(coordinator, page, "Ann Lee")
    assert people()["Ann Lee"].role is Role.MEMBER


def test_only_coordinators_bring_people_in(member: EngageClient, viewer: EngageClient) -> None:
    for client in (member, viewer):
        assert client.get(IMPORT).status_code == 403
        assert client.post(f"{IMPORT}save", data={"csrf_token": client.csrf_token()}).status_code == 403


# -- who is here, who stands twice


def test_who_is_here_is_said_and_cannot_be_checked(coordinator: EngageClient) -> None:
    user = make_membership(name="With Account").user
    assert user is not None
    make_membership(name="Without", user=None, email="without@example.org")
    make_membership(name="Only Name", user=None)
    gone = make_membership(name="Gone", user=None, email="gone@example.org", left_on=clock.today("UTC"))
    make_membership(coalition=make_coalition(), name="Elsewhere", user=None, email="else@example.org")
    coordinator.send(
        "/c/riverbend/people/invitations/bound", addresses="asked@example.org", role="member", days="7"
    )
    rows = [
        ["Other Name", user.email.upper()],
        ["Without", "WITHOUT@example.org"],
        ["only  name", ""],
        ["Gone", gone.email],
        ["Asked", "asked@example.org"],
        ["Elsewhere", "else@example.org"],
        ["Only Name", "new@example.org"],
    ]
    page = read(coordinator, table(["Name", "E-mail"], *rows))
    assert offered(page) == {
        "Elsewhere": "else@example.org",
        "Only Name": "new@example.org · Someone here has the same name.",
    }
    assert set(left_out(page)) == {"Other Name", "Without", "only name", "Gone", "Asked"}
    assert set(left_out(page).values()) == {"already here"}
    assert page.has("This person left. Invite them again by their address.")
    assert page.has("Already invited, has not joined yet.")


def test_the_same_person_three_times_comes_in_once(coordinator: EngageClient) -> None:
    rows = [
        ["Ann Lee", "ann@example.org"],
        ["Lee, Ann", "Ann@Example.org"],
        ["Ann Lee", ""],
        ["Ann Lee", "another@example.org"],
    ]
    page = read(coordinator, table(["Name", "E-mail"], *rows))
    assert left_out(page) == {"Ann Lee": "twice in the file"}
    assert len(page.all("#imports-rows tbody tr")) == 2
    assert page.texts(".import-counts li") == ["new 2 rows", "twice in the file 2 rows"]
    assert page.texts("#people-new .option-text") == [
        "ann@example.org",
        "another@example.org · Row 2 has the same name.",
    ]


# -- organizations


def test_new_organizations_are_asked_about_only_for_those_who_come(coordinator: EngageClient) -> None:
    here = make_organization(name="Riverbend Food Bank, Inc.")
    rows = [
        ["Ann Lee", "ann@example.org", "Grace Church"],
        ["Ben Cho", "ben@example.org", "Riverbend Food Bank"],
        ["Cy Dale", "cy@example.org", "Xyzzy"],
        ["Di Ott", "di@example.org", "GRACE church"],
    ]
    page = read(coordinator, table(["Name", "E-mail", "Organization"], *rows))
    asked = bring(coordinator, page, "Ann Lee", "Ben Cho", "Di Ott")
    assert (asked.status, asked.texts("#people-organizations .form-label")) == (
        422,
        ["Grace Church", "Riverbend Food Bank"],
    )
    (church, food) = sector_fields(asked)
    assert sector_fields(asked) == {church: "faith", food: ""}, "which of two is meant is never guessed"
    assert bring(coordinator, asked, "Ann Lee", "Ben Cho", "Di Ott").errors == [
        "Choose what “Riverbend Food Bank” is."
    ]
    assert bring(coordinator, asked, "Ann Lee", "Ben Cho", "Di Ott", **{food: str(here.id)}).status == 303
    found = people()
    assert organization_of(found["Ann Lee"]) == organization_of(found["Di Ott"]) == ("Grace Church", "faith")
    assert organization_of(found["Ben Cho"]) == (here.name, here.sector)
    assert db.session.scalar(sa.select(sa.func.count(Organization.id))) == 2


def test_a_sector_in_the_file_is_the_new_organizations(coordinator: EngageClient) -> None:
    nurse = content().person_disciplines()[0]
    rows = [
        ["Ann Lee", "ann@example.org", "Grace", "", nurse.name],
        ["Ben Cho", "ben@example.org", "grace", "Faith-based", ""],
        ["Cy Dale", "cy@example.org", "", "Faith-based", ""],
        ["Di Ott", "di@example.org", "", "Other", ""],
    ]
    page = read(coordinator, table(["Name", "E-mail", "Organization", "Sector", "Discipline"], *rows))
    assert offered(page)["Cy Dale"].endswith("The sector is left out: it belongs to an organization.")
    assert bring(coordinator, page, *offered(page)).status == 303
    found = people()
    assert organization_of(found["Ann Lee"]) == organization_of(found["Ben Cho"]) == ("Grace", "faith")
    assert disciplines_of(found["Ann Lee"].id) == [nurse.key]
    sectors = dict(db.session.execute(sa.select(Affiliation.membership_id, Affiliation.sector)).all())
    assert (sectors.get(found["Cy Dale"].id), sectors[found["Di Ott"].id]) == (None, "other")


def test_an_unknown_sector_is_asked_about_before(coordinator: EngageClient) -> None:
    rows = (
        ["Ann Lee", "ann@example.org", "Grace", "Churches"],
        ["Ben Cho", "ben@example.org", "Yard", "Plumbing"],
    )
    asked = read(coordinator, table(["Name", "E-mail", "Organization", "Sector"], *rows))
    assert asked.texts("#imports-words .form-label") == ["Churches", "Plumbing"]
    assert not asked.all("[name=encoding], [name=policy]")
    page = Page(coordinator.post(f"{IMPORT}columns", data={**sent(asked), "do": "preview"}))
    assert offered(page)["Ann Lee"] == "ann@example.org · Grace (new) · Faith-based"
    assert offered(page)["Ben Cho"] == "ben@example.org · Yard (new)"
    assert page.text("#people-how .form-buttons").endswith("Back to the columns Cancel")


def test_back_to_the_columns_keeps_who_was_checked_and_how_they_come_in(coordinator: EngageClient) -> None:
    rows = (["Ann Lee", "ann@example.org", "Yard", "Plumbing"], ["Ben Cho", "ben@example.org", "", ""])
    asked = read(coordinator, table(["Name", "E-mail", "Organization", "Sector"], *rows))
    page = Page(coordinator.post(f"{IMPORT}columns", data={**sent(asked), "do": "preview"}))
    asked_too = bring(coordinator, page, "Ann Lee", role="viewer", days="7")
    (yard,) = sector_fields(asked_too)
    chosen = {"people": "2", "role": "viewer", "days": "7", yard: "business"}
    back = {**sent(asked_too, "#imports-preview"), **chosen, "do": "columns"}
    columns = Page(coordinator.post(f"{IMPORT}columns", data=back))
    again = Page(coordinator.post(f"{IMPORT}columns", data={**sent(columns), "do": "preview"}))
    assert sent(again, "#imports-preview").items() >= chosen.items()
    assert len(again.all("#people-new input[name=people][checked]")) == 1


# -- together with others


def test_who_joins_in_the_meantime_is_shown_before_anything_is_saved(coordinator: EngageClient) -> None:
    page = pasted(coordinator, "Ann Lee <ann@example.org>\nBen Cho <ben@example.org>")
    make_membership(name="Ann Lee", user=None, email="ann@example.org")
    again = bring(coordinator, page, "Ann Lee", "Ben Cho")
    assert (again.status, offered(again)) == (409, {"Ben Cho": "ben@example.org"})
    assert again.has("Someone changed something in the meantime")
    assert "Ben Cho" not in people()


def test_a_list_that_others_change_during_the_save_is_compared_again(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    page = pasted(coordinator, "Ann Lee <ann@example.org>")
    before, coalition_id = saving.write_from_here, coordinator.membership.coalition_id
    others = {
        "name": "Cy Dale",
        "sort_key": "cy dale",
        "role": Role.MEMBER,
        "joined_at": clock.now(),
        "email": "",
    }
    others |= {"phone": "", "shows_email": False, "shows_phone": False, "named_in_public": False}

    def first_somebody_else() -> None:
        before()
        monkeypatch.setattr(saving, "write_from_here", before)
        with db.engine.begin() as connection:
            connection.execute(sa.insert(Membership.__table__).values(coalition_id=coalition_id, **others))

    monkeypatch.setattr(saving, "write_from_here", first_somebody_else)
    assert bring(coordinator, page, "Ann Lee").status == 303
    assert {"Ann Lee", "Cy Dale"} < set(people())


def test_pages_ask_the_database_as_often_for_many_people_as_for_few(coordinator: EngageClient) -> None:
    def asked(count: int) -> int:
        rows = table(
            ["Name", "E-mail", "Company"], *([f"P{n}", f"p{n}@example.org", f"O{n}"] for n in range(count))
        )
        with counted_queries() as queries:
            read(coordinator, rows)
        return len(queries)

    few = asked(2)
    for n in range(30):
        make_membership(name=f"P{n}", user=None, email=f"p{n}@example.org")
    assert asked(60) == few


# -- what people bring


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"BEGIN:VCARD\n" * 3, "Card 1 in this file has no end, or contains another card."),
        (b"BEGIN:VCARD\nFN:Ann\nEND:VCARD\nBEGIN:VCARD\nFN:Ben\n", "Card 2 in this file has no end"),
        (b"BEGIN:VCARD\nEND:VCARD\n" * 90_000, "At most 5,000 rows at once."),
        (
            b"BEGIN:VCARD\nFN:" + b"x" * 20_000 + b"\nEND:VCARD",
            "A cell in row 1 has more than 10,000 characters.",
        ),
        (b"BEGIN:VCARD\nEMAIL;" + b'"' * 1_900_000, "Card 1 in this file has no end"),
        (b"BEGIN:VCARD\r\nVERSION:3.0\r\nEND:VCARD\r\n", "There are no rows below the column names."),
        (",".join(f"c{n}" for n in range(3_000)).encode() + b"\na", "This table has too many columns."),
        (b"Name,E-mail\n" + b"Ann,a@b.example\n" * 5_001, "At most 5,000 rows at once."),
        ((b"a@b.example," * 10 + b"\n") * 501, "At most 5,000 rows at once."),
        (b"Name,E-mail\nAnn,ann@example.org\n"[:11], "There are no rows below the column names."),
        (b"%PDF-1.7\n", "This is not a table but a PDF"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 900, "This workbook cannot be read."),
        (b"PK\x03\x04" + b"nothing", "This workbook cannot be read."),
        (b" ", "There is nothing in it."),
    ],
)
def test_what_cannot_be_read_is_said_in_one_sentence(
    coordinator: EngageClient, raw: bytes, message: str
) -> None:
    page = read(coordinator, raw)
    assert page.status == 422
    assert message in page.errors[0]


@pytest.mark.parametrize(
    "raw",
    [
        "Name,E-mail\nMaría Peña,maria@example.org\n".encode("utf-16"),
        "\ufeffName,E-mail\nMaría Peña,maria@example.org\n".encode(),
        "Name;E-mail\nMaría Peña;maria@example.org\n".encode("windows-1252"),
        "Name\tE-mail\nMaría Peña\tmaria@example.org\n".encode(),
        "Members of 2026,,\n\nName,E-mail,Notes\nMaría Peña,maria@example.org,secret\n".encode(),
        "Nombre,Correo electrónico,First visit\nMaría Peña,maria@example.org,2025\n".encode(),
        "Last Name,First Name,E-mail\nPeña,María,maria@example.org\n".encode(),
        'Name,E-mail\n"Peña, María",mailto:maria@example.org\n'.encode(),
        "Name,Notes\nMaría Peña <maria@example.org>,secret\n".encode(),
        'Name,E-mail\nMaría Peña,"maria@example.org; mp@example.org"\n'.encode(),
        "María Peña <maria@example.org>".encode(),
        '"Peña, María" <maria@example.org>;'.encode(),
        "María Peña\tmaria@example.org\t555-0101\n".encode(),
        makers.VCARD_4.replace("José Núñez", "María Peña").replace("jose@", "maria@").encode("utf-16"),
    ],
)
def test_in_whatever_form_a_person_is_the_same(coordinator: EngageClient, raw: bytes) -> None:
    page = read(coordinator, raw)
    assert page.status == 200, page.text("main")
    assert list(offered(page)) == ["María Peña"]
    assert offered(page)["María Peña"].startswith("maria@example.org")
    assert "secret" not in carried(page)


def test_formulas_errors_and_cells_of_nothing_are_no_details(coordinator: EngageClient) -> None:
    rows = (
        ["=1+1", "sum@example.org", "#N/A"],
        ["'=cmd", "cmd@example.org", "TBD"],
        ["n/a", "na@example.org", "-"],
    )
    page = read(coordinator, table(["Name", "E-mail", "Phone"], *rows))
    assert offered(page) == {"=1+1": "sum@example.org", "=cmd": "cmd@example.org", "na": "na@example.org"}


def test_a_wrong_address_is_said_and_leaves_only_its_row_out(coordinator: EngageClient) -> None:
    page = read(coordinator, table(["Name", "E-mail"], ["Ann Lee", "ann@"], ["Ben Cho", "ben@example.org"]))
    assert left_out(page) == {"Ann Lee": "wrong"}
    assert page.has("Enter an e-mail address like name@example.org.")
    assert bring(coordinator, page, "Ben Cho").status == 303


def test_a_list_without_headings_says_what_is_not_read_of_it(coordinator: EngageClient) -> None:
    page = read(
        coordinator, "Ann Lee\tann@example.org\t555-0101\tMet at the vigil\nBen Cho\tben@example.org\t\t\n"
    )
    assert list(offered(page)) == ["Ann Lee", "Ben Cho"]
    assert (
        page.text("#imports-counts details p")
        == "everything but names and addresses, because no row names the columns"
    )
    assert not re.search("vigil|0101", carried(page))


def test_a_posted_file_of_ones_own_is_read_like_a_new_one(coordinator: EngageClient) -> None:
    for forged in ("x", "eJwDAAAAAAE="):
        assert coordinator.send(f"{IMPORT}save", carried=forged, people="2").status == 422
        assert coordinator.send(f"{IMPORT}columns", carried=forged, do="preview", heading="9").status == 422


# -- out, and in again


def test_the_people_go_out_and_come_in_again_as_already_here(coordinator: EngageClient) -> None:
    rows = [
        [
            "Ann Lee",
            "ann@example.org",
            "555-0101",
            "Grace, Inc.; Riverbend",
            "Faith-based",
            content().person_disciplines()[1].name,
        ],
        ["Ben Cho", "", "", "", "Other", ""],
        ["=1+1", "sum@example.org", "", "", "", ""],
    ]
    page = read(
        coordinator, table(["Name", "E-mail", "Phone", "Organization", "Sector", "Disciplines"], *rows)
    )
    bring(coordinator, page, everyone="y", do="list")
    for ending in ("csv", "vcf"):
        file = coordinator.get(f"{PEOPLE}addresses.{ending}")
        assert file.status_code == 200
        page = read(coordinator, file.data)
        assert page.status == 200
        assert (offered(page), set(left_out(page).values())) == ({}, {"already here"})
        assert page.has("There is no one new in it.")
    there = make_coalition()
    other = make_membership(coalition=there, role=Role.COORDINATOR)
    assert other.coalition_id != coordinator.membership.coalition_id
    db.session.execute(
        sa.update(Membership)
        .where(Membership.name != coordinator.membership.name)
        .values(name="Gone", sort_key="gone", email="x@example.org")
    )
    db.session.commit()
    assert offered(read(coordinator, file.data))["Ann Lee"].startswith(
        "ann@example.org · 555-0101 · Grace, Inc.; Riverbend"
    )


def test_a_card_holds_only_what_the_reader_may_see(coordinator: EngageClient) -> None:
    make_membership(name="Shy Person", phone="555-0199", understood_at=None)
    answer = coordinator.get(f"{PEOPLE}addresses.vcf")
    text = answer.text
    answer.close()
    card = text.partition("FN:Shy Person")[2].partition("END:VCARD")[0]
    assert "EMAIL" not in card
    assert "TEL" not in card
    entry = sa.select(AuditEntry.what).where(AuditEntry.event == AuditEvent.DOWNLOADED)
    assert db.session.scalars(entry).all() == ["coalitions.addresses_cards"]
