"""The menu: what it marks, and that it stays beside one's account and the administration.

test_menu_grows.py has which entries it has.
"""

import re
from pathlib import Path

import pytest
from flask import Flask

from engage import clock
from engage.config import ROOT
from engage.frame.authorization import PLACE
from tests import factories
from tests.client import EngageClient

HERE = ".beside-name [aria-current='page'], .menu-wide [aria-current='page']"
SPRITE = Path(ROOT, "static", "vendor", "lucide-1.62.0.svg")


def test_every_entry_has_one_picture_of_the_kept_set_and_none_is_kept_that_no_page_shows(
    app: Flask, coordinator: EngageClient
) -> None:
    coordinator.membership.user.is_admin = True
    page = coordinator.page("/c/riverbend/start/")
    entries = page.all(".beside-name .menu-link, .menu-wide .menu-link")
    shown = [each.css("use") for each in entries]
    assert all(len(each) == 1 for each in shown)
    names = [str(each[0].attributes["href"]).split("#")[1] for each in shown]
    kept = set(re.findall(r'<symbol id="([\w-]+)"', SPRITE.read_text()))
    assert len(set(names)) == len(names)
    assert {*names, "search"} == kept
    with coordinator.get(str(shown[0][0].attributes["href"]).split("#")[0]) as picture:
        assert picture.status_code == 200


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("messages/", "My tasks"),
        ("calendar/?kind=plan", "Calendar"),
        ("chain/", "Strengths and needs"),
        ("chain/loose-ends", "Strengths and needs"),
        ("start/", "Begin"),
        ("checklist/", "Begin"),
        ("toolkit/", "Begin"),
        ("settings/trash", "Settings"),
        ("about/", "About us"),
        ("plan/review", "Plan"),
    ],
)
def test_every_page_marks_the_entry_that_it_belongs_to(
    coordinator: EngageClient, path: str, entry: str
) -> None:
    assert coordinator.page(f"/c/riverbend/{path}").texts(HERE) == [entry]


@pytest.mark.parametrize(
    "path", ["/account/", "/account/sessions", "/account/messages", "/account/password", "/account/delete"]
)
def test_ones_account_keeps_the_menu_and_is_marked_in_it(member: EngageClient, path: str) -> None:
    page = member.page(path)
    assert page.one(".menu-wide nav a[href='/c/riverbend/plan/']")
    assert page.text(HERE).startswith(member.membership.user.name)
    assert page.text(".side .brand-coalition") == "Riverbend County Coalition"


def test_the_administration_keeps_the_menu_and_is_marked_in_it(coordinator: EngageClient) -> None:
    coordinator.membership.user.is_admin = True
    for path in ("/admin/", "/admin/accounts/", "/admin/health"):
        page = coordinator.page(path)
        assert page.one(".menu-wide nav a[href='/c/riverbend/plan/']")
        assert page.texts(HERE) == ["Administration"]


def test_of_several_coalitions_the_account_shows_the_menu_of_the_one_last_opened(
    app: Flask, member: EngageClient
) -> None:
    other = factories.make_coalition(slug="zebra", name="Zebra County")
    factories.make_membership(user=member.membership.user, coalition=other)
    member.page("/c/zebra/")
    assert member.page("/account/").text(".side .brand-coalition") == "Zebra County"
    member.page("/c/riverbend/")
    page = member.page("/account/")
    assert page.text(".side .brand-coalition") == "Riverbend County Coalition"
    assert page.one(".menu-wide .switcher a[href='/c/zebra/']")


def test_whoever_is_in_one_coalition_is_not_remembered_by_the_one_last_opened(member: EngageClient) -> None:
    member.page("/c/riverbend/")
    with member.session_transaction() as kept:
        assert PLACE not in kept


def test_who_is_in_no_coalition_has_no_menu(app: Flask) -> None:
    user = factories.make_user()
    client = factories.signed_in_client(app, factories.make_membership(user=user, left_on=clock.today("UTC")))
    page = client.page("/account/")
    assert not page.all(".menu-wide")
    assert page.one("#leave")


def test_an_admin_in_no_coalition_gets_from_the_administration_to_the_account_and_back(app: Flask) -> None:
    user = factories.make_user(is_admin=True)
    client = factories.signed_in_client(app, factories.make_membership(user=user, left_on=clock.today("UTC")))
    for path in ("/admin/", "/admin/accounts/", "/admin/network/", "/admin/health"):
        assert client.page(path).one("main nav a[href='/account/']")
    assert client.page("/account/").one("main a[href='/admin/']")
