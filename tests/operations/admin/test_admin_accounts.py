"""Accounts of the installation: who can sign in, and that there is always an admin."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.accounts import admins, service
from engage.accounts.models import PasswordLink, SignedIn, User
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.errors import WrongState
from engage.extensions import db
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_user, signed_in_client
from tests.html import Page

ClientOf = Callable[[Membership], EngageClient]


@pytest.fixture
def admin(app: Flask) -> EngageClient:
    user = make_user(name="Rosa Hill", is_admin=True)
    return signed_in_client(app, make_membership(user=user, coalition=make_coalition(slug="hosts")))


def path_of(person: Membership) -> str:
    return f"/admin/accounts/{person.user_id}/"


def user_of(person: Membership) -> User:
    return db.session.get_one(User, person.user_id)


def found(admin: EngageClient, text: str) -> Page:
    """Searches as a browser does, and returns the page that it is led to."""
    answer = admin.send("/admin/accounts/", text=text)
    assert (answer.status, text in str(answer.location)) == (303, False)
    return admin.page(str(answer.location))


def test_the_list_shows_who_has_an_account_and_where_in_counts(admin: EngageClient) -> None:
    ann = make_membership(name="Ann Lee", role=Role.COORDINATOR)
    make_membership(user=user_of(ann), coalition=make_coalition())
    make_membership(user=user_of(ann), coalition=make_coalition(), left_on=clock.today())
    page = admin.page("/admin/accounts/")
    rows = {row.split()[0]: row for row in page.texts("tbody tr")}
    assert f"Ann Lee {user_of(ann).email} 2 coalitions" in rows["Ann"]
    assert "not signed in" in rows["Ann"]
    assert rows["Rosa"].startswith("Rosa Hill Admin")
    assert "not signed in" not in rows["Rosa"]
    own = admin.page(path_of(ann))
    assert "takes part in 2, coordinates 1" in own.text("#operations-facts")
    # What is said of an admin's pages names each of their tabs.
    tabs = [tab.lower() for tab in page.texts(".sections a")]
    assert all(tab in own.text("#operations-admin") for tab in tabs)


def test_people_are_found_by_a_part_of_name_or_address_that_stands_in_no_address(admin: EngageClient) -> None:
    make_membership(name="Ann Lee")
    make_user(name="Bo", email="bo@hospital.example.org")
    for text, names in (
        ("ANN", ["Ann Lee"]),
        ("hospital", ["Bo"]),
        ("%", []),
    ):
        page = found(admin, text)
        assert page.texts("tbody .row-link") == names
        assert page.has(f"Found: {len(names)}.")
        assert page.one("input[name=text]").attributes["value"] == text
        # Whoever comes back from an account finds them again.
        assert admin.page("/admin/accounts/?found=1").texts("tbody .row-link") == names
    assert admin.page("/admin/accounts/").texts("tbody .row-link") == ["Ann Lee", "Bo", "Rosa Hill"]
    assert admin.send("/admin/accounts/", text="").location == "/admin/accounts/"
    assert admin.send("/admin/accounts/", text="x" * 121).status == 422


@pytest.mark.parametrize("text", ["jose", "NUNEZ", "núñ", "NÚÑEZ"])
def test_people_are_found_without_their_accents_in_any_case(admin: EngageClient, text: str) -> None:
    make_membership(name="José Núñez")
    make_membership(name="Ann Lee")
    assert found(admin, text).texts("tbody .row-link") == ["José Núñez"]


def test_more_than_a_page_of_hits_comes_in_pages(admin: EngageClient) -> None:
    now = clock.now()
    people = [
        {"name": f"Pat {n:03}", "email": f"pat{n}@example.org", "password_hash": "-", "created_at": now}
        for n in range(230)
    ]
    db.session.execute(sa.insert(User), people)
    db.session.commit()
    page = found(admin, "pat")
    assert (len(page.all("tbody tr")), page.has("Found: 230.")) == (200, True)
    following = page.one("a[rel=next]").attributes["href"]
    assert following == "/admin/accounts/?found=1&page=2"
    assert len(admin.page(following).all("tbody tr")) == 30
    assert len(admin.page("/admin/accounts/?page=2").all("tbody tr")) == 31


def test_a_stopped_account_is_out_at_once_and_comes_back(
    admin: EngageClient, coordinator: EngageClient
) -> None:
    person = coordinator.membership
    assert admin.page(path_of(person)).has("1 coalition would have no coordinator who can sign in.")
    assert admin.send(f"{path_of(person)}disable").location == path_of(person)
    assert coordinator.get("/c/riverbend/").status_code == 303
    assert not db.session.scalars(sa.select(SignedIn).where(SignedIn.user_id == person.user_id)).all()
    signing_in = {"email": user_of(person).email, "password": "seven quiet herons"}
    assert coordinator.send("/sign-in", **signing_in).status == 422
    assert admin.page("/admin/accounts/").has("Cannot sign in")
    assert admin.send(f"{path_of(person)}enable").location == path_of(person)
    assert coordinator.send("/sign-in", **signing_in).location == "/c/riverbend/"


def test_all_sessions_of_a_person_end_with_one_press(admin: EngageClient, member: EngageClient) -> None:
    assert admin.send(f"{path_of(member.membership)}sign-out").status == 303
    assert member.get("/account/").status_code == 303
    assert admin.get("/admin/").status_code == 200


def test_a_password_link_is_shown_once_and_its_person_sees_that_it_was_made(
    admin: EngageClient, member: EngageClient
) -> None:
    page = admin.send(f"{path_of(member.membership)}password-link")
    link = page.one("#operations-link").attributes["value"] or ""
    made = db.session.scalars(sa.select(PasswordLink)).one()
    assert (made.user_id, made.made_by_id) == (member.membership.user_id, admin.membership.user_id)
    assert link.rpartition("/")[2] not in made.token_hash
    assert member.page("/account/").has("made a one-time link")
    assert link.removeprefix("http://127.0.0.1").startswith("/reset/")


def test_admins_are_made_and_unmade_but_one_always_stays(
    admin: EngageClient, member: EngageClient, client_of: ClientOf
) -> None:
    me, other = path_of(admin.membership), path_of(member.membership)
    for what in ("unmake-admin", "disable"):
        page = admin.send(f"{me}{what}")
        assert (page.status, page.has("This is the last admin of the installation.")) == (409, True)
    assert admin.send(f"{other}make-admin").location == other
    assert member.get("/admin/").status_code == 200
    assert admin.send(f"{me}unmake-admin").location == "/account/"
    assert admin.get("/admin/").status_code == 404
    assert member.send(f"{other}disable").status == 409


def test_a_password_link_of_before_does_not_open_the_administration(
    admin: EngageClient, member: EngageClient, client: EngageClient
) -> None:
    token = service.make_password_link(user_of(member.membership), made_by=None)
    db.session.commit()
    assert client.get(f"/reset/{token}").status_code == 200
    admin.send(f"{path_of(member.membership)}make-admin")
    assert client.get(f"/reset/{token}").status_code == 410
    assert client.send(f"/reset/{token}", new_password="a long word of mine 7").status == 410


def test_a_stopped_admin_does_not_count_and_a_stopped_account_becomes_none(admin: EngageClient) -> None:
    make_user(is_admin=True, disabled_at=clock.now())
    assert admin.send(f"{path_of(admin.membership)}unmake-admin").status == 409
    stopped = make_user(disabled_at=clock.now())
    assert admin.send(f"/admin/accounts/{stopped.id}/make-admin").status == 409
    assert not db.session.get_one(User, stopped.id).is_admin


def test_two_admins_who_stop_at_once_do_not_both_succeed(app: Flask) -> None:
    ids = [make_user(is_admin=True).id for _each in range(2)]

    def stop(user_id: int) -> Any:
        with app.app_context():
            try:
                admins.unmake_admin(db.session.get_one(User, user_id))
                db.session.commit()
                return True
            except WrongState:
                db.session.rollback()
                return False

    with ThreadPoolExecutor(2) as pool:
        assert sorted(pool.map(stop, ids)) == [False, True]
    assert db.session.scalar(sa.select(sa.func.count(User.id)).where(User.is_admin)) == 1


def test_a_lost_second_factor_is_turned_off_and_its_person_is_out(
    admin: EngageClient, member: EngageClient
) -> None:
    user = user_of(member.membership)
    user.second_factor_at, user.second_factor_nonce = clock.now(), "n" * 43
    db.session.commit()
    path = path_of(member.membership)
    assert "on since" in admin.page(path).text("#operations-facts")
    assert admin.send(f"{path}second-factor-off").location == path
    assert db.session.get_one(User, user.id).second_factor_at is None
    assert member.get("/account/").status_code == 303
    assert admin.get("/admin/").status_code == 200
    assert not admin.page(path).all("form[action$=second-factor-off]")


@pytest.mark.parametrize(
    "what", ["disable", "password-link", "make-admin", "unmake-admin", "second-factor-off"]
)
def test_what_gives_or_takes_power_asks_for_the_password_first(
    admin: EngageClient, member: EngageClient, what: str
) -> None:
    long_ago = clock.now() - timedelta(hours=2)
    db.session.execute(sa.update(SignedIn).values(proved_at=long_ago))
    db.session.commit()
    before = db.session.execute(sa.select(User.is_admin, User.disabled_at, User.notice_at)).all()
    page = admin.send(f"{path_of(member.membership)}{what}")
    assert (page.status, page.has("Is this you?")) == (401, True)
    columns = sa.select(User.is_admin, User.disabled_at, User.notice_at)
    assert db.session.execute(columns).all() == before


def test_an_account_that_is_not_there_is_not_there(admin: EngageClient) -> None:
    for what in (
        "",
        "disable",
        "enable",
        "sign-out",
        "password-link",
        "make-admin",
        "unmake-admin",
        "second-factor-off",
    ):
        path = f"/admin/accounts/999999/{what}"
        answer = admin.send(path) if what else admin.get(path)
        assert (answer.status if what else answer.status_code) == 404  # type: ignore[union-attr]
