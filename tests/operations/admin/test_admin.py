"""The installation's administration: coalitions and health, for admins alone, and nothing a coalition wrote."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts.models import User
from engage.coalitions import service
from engage.coalitions.models import Coalition, Invitation, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.operations.daily import tick
from engage.reports.models import PublicPage
from engage.strengths.votes.models import Vote
from tests import rows
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_user, signed_in_client, the_coalition
from tests.strengths.votes.rows import make_vote

ClientOf = Callable[[Membership], EngageClient]
PAGES = ("/admin/", "/admin/accounts/", "/admin/health")
# What an admin's pages may hold of these tables; of all others nothing.
# The time zone and the menu's entries are those of the coalition whose menu stands beside.
SHOWN = {
    "coalitions_coalition": {"name", "slug", "time_zone", "menu_entries"},
    "accounts_user": {"name", "email"},
}


@pytest.fixture
def admin(app: Flask) -> EngageClient:
    """Returns an admin of the installation, in no coalition but one of their own."""
    user = make_user(name="Rosa Hill", is_admin=True)
    return signed_in_client(app, make_membership(user=user, coalition=make_coalition(slug="hosts")))


def test_for_everybody_else_there_is_no_administration(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    for client in (coordinator, member, viewer):
        for path in PAGES:
            assert client.get(path).status_code == 404
        assert not client.page("/account/").all("a[href='/admin/']")
        assert not client.page("/c/riverbend/").all("a[href='/admin/']")


def test_whoever_stops_being_an_admin_is_out_at_the_next_click(admin: EngageClient) -> None:
    assert admin.page("/admin/").all("#operations-coalitions")
    assert admin.page("/account/").all("a[href='/admin/']")
    assert admin.page("/c/hosts/").all(".menu-wide a[href='/admin/']")
    db.session.execute(sa.update(User).values(is_admin=False))
    db.session.commit()
    assert admin.get("/admin/").status_code == 404


def every_text(coalition: Coalition) -> dict[str, str]:
    """Returns a unique word in every text column of one row of every table of the coalition."""
    words = {}
    for table in db.metadata.sorted_tables:
        if "coalition_id" not in table.c or table.name == "assessment_release":
            continue
        texts = {}
        for column in table.columns:
            is_text = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
            if is_text and not any(mark in column.name for mark in ("token", "nonce", "key", "hash")):
                word = f"secret-{table.name}-{column.name}"[: column.type.length or 200]
                texts[column.name] = words[f"{table.name}.{column.name}"] = word
        try:
            with db.session.begin_nested():
                rows.insert(table, texts, coalition=coalition.id)
        except (sa.exc.IntegrityError, sa.exc.DataError):
            # A CHECK wants another value in one of them: the others of the row are enough.
            rows.insert(table, coalition=coalition.id)
    db.session.commit()
    return words


def test_nothing_that_a_coalition_wrote_appears_on_any_page_of_it(admin: EngageClient) -> None:
    coalition = make_coalition(
        slug="far-hills", name="Far Hills", community="secret-community", mission="secret-mission",
        vision="secret-vision", definitions="secret-definitions", help_name="secret-help",
    )  # fmt: skip
    person = make_membership(coalition=coalition, email="secret@example.org", phone="secret-phone")
    assert len(every_text(coalition)) > 100
    paths = [*PAGES, f"/admin/coalitions/{coalition.id}/", f"/admin/coalitions/{coalition.id}/delete"]
    paths += [f"/admin/accounts/{person.user_id}/", "/admin/coalitions/new", "/admin/?text=far"]
    for path in paths:
        page = admin.page(path)
        assert "secret" not in page.html, path
    assert admin.send("/admin/accounts/", text="person").status == 303
    assert "secret" not in admin.page("/admin/accounts/?found=1").html
    assert admin.page("/admin/?text=far").has("Far Hills")


def columns_read(statements: list[str]) -> set[str]:
    """Returns the text columns of a coalition's tables in the statements, as table.column."""
    found = set()
    for table in db.metadata.sorted_tables:
        for column in table.columns:
            is_text = isinstance(column.type, sa.String | sa.JSON) and not isinstance(column.type, sa.Enum)
            if is_text and column.name not in SHOWN.get(table.name, set()):
                found |= {
                    f"{table.name}.{column.name}"
                    for statement in statements
                    if f"{table.name}.{column.name}" in statement.split(" FROM ")[0]
                }
    return found


def test_its_lists_ask_the_database_for_no_other_text(admin: EngageClient) -> None:
    with counted_queries() as statements:
        for path in ("/admin/", "/admin/accounts/"):
            admin.page(path)
    # The signed-in person's own account and session are loaded whole.
    read = {each for each in columns_read(statements) if not each.startswith("accounts_session.")}
    assert read <= {"accounts_user.password_hash"}


def test_the_lists_ask_as_often_however_long_they_are(admin: EngageClient) -> None:
    def counts() -> list[int]:
        found = []
        for path in ("/admin/", "/admin/accounts/", "/admin/health"):
            with counted_queries() as statements:
                admin.page(path)
            found.append(len(statements))
        return found

    before = counts()
    for number in range(8):
        make_membership(coalition=make_coalition(slug=f"more-{number}"), role=Role.COORDINATOR)
    assert counts() == before


def test_a_long_list_comes_in_pages_of_two_hundred(admin: EngageClient) -> None:
    now = clock.now()
    db.session.execute(
        sa.insert(Coalition),
        [
            {"slug": f"c{n:03}", "name": f"County {n:03}", "time_zone": "UTC", "created_at": now}
            for n in range(250)
        ],
    )
    db.session.commit()
    first, second = admin.page("/admin/"), admin.page("/admin/?page=2")
    assert (len(first.all("tbody tr")), len(second.all("tbody tr"))) == (200, 51)
    assert second.has("County 249")
    assert admin.page("/admin/?page=99999").has("Page 2 of 2")


@pytest.mark.parametrize("text", ["pena", "PEÑA", "Peña C", "pena  county"])
def test_a_coalition_is_found_without_its_accents_in_any_case(admin: EngageClient, text: str) -> None:
    service.create_coalition("Peña County")
    service.create_coalition("Penn County")
    db.session.commit()
    assert [each.split()[0] for each in admin.page(f"/admin/?text={text}").texts("tbody tr th")] == ["Peña"]
    assert not admin.page("/admin/?text=...").all("tbody tr")


def test_the_list_is_narrowed_to_those_without_a_coordinator_and_to_closed_ones(admin: EngageClient) -> None:
    led, left, closed = (make_coalition(slug=slug, name=slug) for slug in ("led", "left", "closed"))
    make_membership(coalition=led, role=Role.COORDINATOR)
    make_membership(coalition=left, role=Role.COORDINATOR, left_on=clock.today())
    make_membership(coalition=left)
    stopped = make_user(disabled_at=clock.now())
    make_membership(coalition=left, role=Role.COORDINATOR, user=stopped)
    assert admin.page("/admin/?only=closed").has("No coalition is closed.")
    closed.closed_at = clock.now()
    db.session.commit()
    names = "tbody .row-link"
    assert admin.page("/admin/?only=no_coordinator").texts(names)[1:] == ["left"]
    assert admin.page("/admin/?only=no_coordinator&text=lef").texts(names) == ["left"]
    page = admin.page("/admin/?only=closed")
    assert page.texts(names) == ["closed"]
    assert page.text(".pills [aria-current]") == "Closed"
    assert page.one("input[name=only][value=closed]")
    assert admin.page("/admin/?only=nonsense").texts(names) == admin.page("/admin/").texts(names)


def test_the_list_says_how_many_are_in_it_and_when_someone_last_changed_something(
    admin: EngageClient,
) -> None:
    coalition = the_coalition()
    someone = make_membership(role=Role.COORDINATOR)
    make_membership(user=None)
    make_membership(left_on=clock.today())
    day = clock.now() - timedelta(days=40)
    # The day's work, which no one does, goes on where no one works any more.
    for actor, happened_at in ((someone.id, day), (None, clock.now())):
        values = {"happened_at": happened_at, "actor_id": actor}
        rows.insert(HistoryEntry.__table__, values, coalition=coalition.id)  # type: ignore[arg-type]
    db.session.commit()
    page = admin.page("/admin/?text=RIVERBEND")
    assert len(page.all("tbody tr")) == 1
    assert admin.page(f"/admin/coalitions/{coalition.id}/").has("Once you suspend their accounts")
    (row,) = page.texts("tbody tr")
    assert row.startswith("Riverbend County Coalition riverbend 2 people")
    assert f"{day:%b} {day.day}, {day.year}" in row


def test_a_new_coalition_comes_with_the_link_of_its_coordinator(app: Flask, admin: EngageClient) -> None:
    page = admin.send("/admin/coalitions/new", name="Far Hills", slug="", time_zone="America/Denver")
    assert page.status == 200
    link = page.one("#operations-link").attributes["value"] or ""
    coalition = db.session.scalars(sa.select(Coalition).where(Coalition.slug == "far-hills")).one()
    assert (coalition.name, coalition.time_zone) == ("Far Hills", "America/Denver")
    guest = app.test_client()
    assert isinstance(guest, EngageClient)
    guest.get(link.removeprefix("http://127.0.0.1"))
    guest.send("/join", name="Ann Lee", email="ann@example.org", password="seven quiet herons")
    place = db.session.scalars(sa.select(Membership).where(Membership.coalition_id == coalition.id)).one()
    assert (place.name, place.role, place.approved_at is not None) == ("Ann Lee", Role.COORDINATOR, True)


def test_a_new_coalitions_time_zone_is_the_browsers_or_asked_whatever_others_have(
    admin: EngageClient,
) -> None:
    page = admin.page("/admin/coalitions/new")
    zone = page.one("select[name=time_zone]")
    assert "data-time-zone" in zone.attributes, "a script fills in the browser's"
    assert page.value("time_zone") == ""
    refused = admin.send("/admin/coalitions/new", name="Far Hills", slug="", time_zone="")
    assert refused.errors == ["Choose the time zone."] and refused.value("name") == "Far Hills"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "Enter the coalition's name."),
        ({"slug": "No Good"}, "Use lowercase letters, digits, and single hyphens, such as riverbend-county."),
        ({"slug": "hosts"}, "There is already a coalition with this address."),
    ],
)
def test_a_coalition_that_cannot_be_made_says_why(
    admin: EngageClient, fields: dict[str, str], words: str
) -> None:
    values = {"name": "Far Hills", "slug": "", "time_zone": "America/Denver", **fields}
    page = admin.send("/admin/coalitions/new", **values)
    assert (page.status, page.errors) == (422, [words])
    assert db.session.scalar(sa.select(sa.func.count(Coalition.id))) == 1


def test_a_lost_link_is_made_again_only_where_no_one_coordinates(admin: EngageClient) -> None:
    coalition = the_coalition()
    path = f"/admin/coalitions/{coalition.id}/"
    assert admin.page(path).all("#operations-nobody")
    assert admin.send(f"{path}link").one("#operations-link")
    maria = make_membership(role=Role.COORDINATOR)
    assert not admin.page(path).all("#operations-nobody")
    assert admin.send(f"{path}link").status == 409
    assert db.session.scalar(sa.select(sa.func.count(Invitation.id))) == 1
    assert maria.user is not None
    maria.user.disabled_at = clock.now()
    db.session.commit()
    assert admin.send(f"{path}link").one("#operations-link")


def test_no_one_gets_into_a_closed_coalition_until_it_is_open_again(
    admin: EngageClient, coordinator: EngageClient, viewer: EngageClient, client: EngageClient
) -> None:
    coalition = the_coalition()
    path = f"/admin/coalitions/{coalition.id}/"
    vote = make_vote(coordinator.membership)
    token = link_of_invitation(coordinator)
    public = public_page_of(coordinator)
    outside = [f"/vote/{vote.token}", public]
    assert [client.get(each).status_code for each in outside] == [200, 200]
    assert admin.send(f"{path}close").location == path
    for who in (coordinator, viewer):
        assert who.get("/c/riverbend/").status_code == 404
        assert who.send("/c/riverbend/settings/", name="x").status == 404
        page = who.page("/account/")
        assert page.has("Closed for now. Ask the person who runs this site.")
        assert not page.all("a[href^='/c/riverbend/']")
    assert [client.get(each).status_code for each in outside] == [404, 404]
    client.get(token)
    assert client.get("/join").status_code == 410
    assert (
        client.send("/join", name="Al", email="al@example.org", password="seven quiet herons").status == 410
    )
    assert "for now" in client.get("/join").get_data(as_text=True)
    assert db.session.scalar(sa.select(sa.func.count(Vote.id))) == 1
    assert admin.page("/admin/").has("Closed")
    assert admin.send(f"{path}open").location == path
    assert coordinator.get("/c/riverbend/").status_code == 200
    log = coordinator.page("/c/riverbend/settings/audit/")
    assert log.has("Closed for a while")
    assert log.has("Open again")
    assert [client.get(each).status_code for each in outside] == [200, 200]
    assert client.get("/join").status_code == 200


def link_of_invitation(coordinator: EngageClient) -> str:
    from engage.coalitions.invitations import service as invitations

    made = invitations.invite_openly(coordinator.membership, Role.MEMBER, 7, 5)
    token = invitations.token_of(made)
    db.session.commit()
    return f"/join/{token}"


def public_page_of(coordinator: EngageClient) -> str:
    from engage import tokens

    values: dict[str, Any] = {"nonce": "n" * 43, "token_hash": tokens.hashed("a-public-token"), "version": 1}
    db.session.add(PublicPage(coalition_id=coordinator.membership.coalition_id, **values))
    db.session.commit()
    return "/public/a-public-token"


def test_a_coalition_is_deleted_with_every_row_it_has_and_no_other(admin: EngageClient) -> None:
    gone, stays = the_coalition().id, make_coalition(slug="stays").id
    for coalition in (the_coalition(), db.session.get_one(Coalition, stays)):
        place = make_membership(coalition=coalition, role=Role.COORDINATOR)
        other = make_membership(coalition=coalition, approved_by_id=place.id)
        place.approved_by_id = other.id  # rows that point at each other
        for table in db.metadata.sorted_tables:
            if "coalition_id" in table.c and table.name != "coalitions_membership":
                rows.insert(table, coalition=coalition.id)
    db.session.commit()
    others = count_of(stays)
    accounts = db.session.scalar(sa.select(sa.func.count(User.id)))
    path = f"/admin/coalitions/{gone}/delete"
    assert admin.page(path).has("Make a backup first.")
    wrong = admin.send(path, name="Riverbend")
    assert (wrong.status, wrong.errors) == (422, ["That is not the coalition's name. Nothing was deleted."])
    assert all(count_of(gone).values())
    right = admin.send(path, name="riverbend county coalition")
    assert right.location == "/admin/"
    assert not any(count_of(gone).values())
    assert db.session.scalar(sa.select(sa.func.count()).where(Coalition.slug == "riverbend")) == 0
    assert count_of(stays) == others
    assert db.session.scalar(sa.select(sa.func.count(User.id))) == accounts


def test_nothing_of_a_deleted_coalition_stays_in_the_files_bytes(app: Flask, admin: EngageClient) -> None:
    if db.engine.dialect.name != "sqlite":
        return  # PostgreSQL clears its pages by VACUUM
    gone = the_coalition()
    texts = [text.encode() for text in every_text(gone).values()]
    db.session.commit()
    path, name = f"/admin/coalitions/{gone.id}/delete", gone.name
    file = Path(str(db.engine.url.database))

    def in_bytes() -> list[bytes]:
        there = b"".join(each.read_bytes() for each in (file, file.with_name(f"{file.name}-wal")))
        return [text for text in texts if text in there]

    assert in_bytes()
    answer = admin.post(path, data={"name": name, "csrf_token": admin.csrf_token()})
    assert answer.status_code == 303
    db.session.remove()
    answer.close()
    assert in_bytes() == []


def count_of(coalition_id: int) -> dict[str, int]:
    """Returns how many rows each table has of it."""
    return {
        table.name: db.session.scalar(
            sa.select(sa.func.count()).select_from(table).where(table.c.coalition_id == coalition_id)
        )
        or 0
        for table in db.metadata.sorted_tables
        if "coalition_id" in table.c
    }


def test_health_says_what_runs_and_when_the_days_work_was_done(app: Flask, admin: EngageClient) -> None:
    page = admin.page("/admin/health")
    assert page.has("It runs after the first change of a day, or with the command engage tick.")
    kind = "SQLite" if db.engine.dialect.name == "sqlite" else "PostgreSQL"
    assert kind in page.text("#operations-database")
    assert not page.has("This version expects")
    assert page.has("No mail server is set")
    assert "1 browser" in page.text("#operations-engage")
    tick.run()
    assert tick.run()
    assert admin.page("/admin/health").has("last done")


def test_health_says_so_when_the_database_is_of_another_version(admin: EngageClient) -> None:
    head = db.session.scalar(sa.text("SELECT version_num FROM alembic_version"))
    db.session.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))
    db.session.commit()
    try:
        assert admin.page("/admin/health").has(f"This version expects {head}")
    finally:
        db.session.execute(sa.text("UPDATE alembic_version SET version_num = :head"), {"head": head})
        db.session.commit()


def test_health_shows_how_the_mails_went(
    app: Flask, admin: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    from engage.messages.models import Mail
    from engage.messages.rules import MailState
    from tests.messages.smtp import server_at

    monkeypatch.setitem(app.config, "MAIL", server_at(9))
    user_id = admin.membership.user_id
    now = clock.now()
    for number, state in enumerate((MailState.SENT, MailState.SENT, MailState.FAILED)):
        day = clock.today() - timedelta(days=number)
        words = "mailbox full" if state is MailState.FAILED else ""
        db.session.add(Mail(user_id=user_id, day=day, state=state, claimed_at=now, words=words))
    db.session.commit()
    text = admin.page("/admin/health").text("#operations-mail")
    assert "2 sent, 1 failed, 0 without an answer" in text
    assert "mailbox full" in text
