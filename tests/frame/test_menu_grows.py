"""Which entries the menu has: eight at first, then each other the first time it holds something, and it stays."""

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from engage.checklist.rules import ItemState
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import ComesUp
from engage.content.loader import content
from engage.extensions import db
from engage.onboarding.first_evening.rules import TIPS_WANTED
from engage.operations.sample import service as sample_service
from engage.strengths.models import Need
from tests import databases, factories
from tests.client import EngageClient
from tests.html import Page
from tests.meetings.rows import make_meeting
from tests.strengths.rows import make_need, make_strength

HOME = "/c/riverbend/"
EIGHT = ["Home", "My tasks", "Begin", "Assessment", "Partners", "Meetings", "Plan", "People"]
OTHERS = ["Calendar", "Strengths and needs", "Documents", "Reports"]
MENU, MORE, BESIDE = ".menu-wide nav > ul a", ".menu-wide .menu-more a", ".beside-name a"


def past_the_first_evening() -> Coalition:
    coalition = factories.the_coalition()
    coalition.menu_entries = [str(ComesUp.EVENING_IS_PAST)]
    db.session.commit()
    return coalition


def others(page: Page) -> list[str]:
    return [each for each in page.texts(MENU) if each not in EIGHT]


# -- eight entries


def test_a_new_coalitions_menu_has_eight_entries_and_all_else_stands_in_more(
    coordinator: EngageClient,
) -> None:
    page = coordinator.page(HOME)
    assert page.texts(f"{MENU} > span:not(.menu-count)") == EIGHT
    assert page.texts(MORE) == OTHERS
    assert page.texts(BESIDE) == ["Settings", "About us"]


def test_members_find_about_us_in_more_and_viewers_see_what_is_theirs(
    member: EngageClient, viewer: EngageClient
) -> None:
    page = member.page(HOME)
    assert page.texts(f"{MENU} > span:not(.menu-count)") == EIGHT
    assert page.texts(MORE) == [*OTHERS, "About us"]
    assert not page.all(BESIDE)
    page = viewer.page(HOME)
    assert page.texts(f"{MENU} > span:not(.menu-count)") == [
        "Home",
        "Begin",
        "Assessment",
        "Partners",
        "Plan",
    ]
    assert page.texts(MORE) == ["Calendar", "Documents", "Reports", "About us"]


def test_the_menu_is_short_in_spanish_too(coordinator: EngageClient) -> None:
    page = coordinator.page(f"{HOME}start/?lang=es")
    assert page.texts(MENU)[:3] == ["Inicio", "Mis tareas", "Empezar"]
    assert len(page.texts(MENU)) == 8
    assert page.text(".menu-wide .menu-more > summary") == "Más"


def test_what_comes_up_before_the_five_are_done_waits_in_more(coordinator: EngageClient) -> None:
    make_need(coordinator.membership)
    assert others(coordinator.page(f"{HOME}start/")) == []
    past = [*factories.the_coalition().menu_entries, str(ComesUp.EVENING_IS_PAST)]
    factories.the_coalition().menu_entries = past
    db.session.commit()
    assert others(coordinator.page(f"{HOME}start/")) == ["Strengths and needs"]


# -- what comes up


@pytest.mark.parametrize(
    ("make", "entries"),
    [
        (make_meeting, ["Calendar"]),
        (lambda _by: factories.make_round(), ["Calendar"]),
        (make_need, ["Strengths and needs"]),
        (make_strength, ["Strengths and needs"]),
        (factories.make_document, ["Documents"]),
        (lambda _by: factories.make_activity(), ["Calendar", "Reports"]),
        (lambda _by: factories.make_action(factories.make_plan()), ["Calendar", "Reports"]),
        (lambda _by: factories.make_closed_round([]), ["Calendar", "Reports"]),
    ],
)
def test_an_entry_comes_up_the_first_time_it_holds_something(
    coordinator: EngageClient, make: Callable[[Membership], object], entries: list[str]
) -> None:
    past_the_first_evening()
    make(coordinator.membership)
    db.session.commit()
    page = coordinator.page(f"{HOME}start/")
    assert others(page) == entries
    assert page.texts(MORE) == [each for each in OTHERS if each not in entries]


def test_an_entry_stays_after_all_that_it_held_is_deleted(coordinator: EngageClient) -> None:
    past_the_first_evening()
    make_need(coordinator.membership)
    db.session.execute(sa.delete(Need))
    db.session.commit()
    assert others(coordinator.page(f"{HOME}start/")) == ["Strengths and needs"]


def test_when_all_came_up_a_coordinator_has_no_more(coordinator: EngageClient) -> None:
    factories.the_coalition().menu_entries = [str(each) for each in ComesUp]
    db.session.commit()
    page = coordinator.page(f"{HOME}start/")
    assert others(page) == OTHERS
    assert not page.all(".menu-more")


# -- the end of the first evening


def test_an_action_ends_the_first_evening_for_the_menu(coordinator: EngageClient) -> None:
    factories.make_action(factories.make_plan())
    assert others(coordinator.page(f"{HOME}start/")) == ["Calendar", "Reports"]


def test_the_press_that_completes_the_five_lets_the_menu_grow(coordinator: EngageClient) -> None:
    coordinator.membership.coalition.mission = "Fewer people are exploited here."
    for tip in content().tips[: TIPS_WANTED - 1]:
        factories.make_item(key=tip.items[0].key, state=ItemState.DONE)
    factories.make_membership()
    factories.make_round()
    make_meeting(coordinator.membership)
    db.session.commit()
    assert others(coordinator.page(f"{HOME}start/")) == []
    last = content().tips[TIPS_WANTED - 1].items[0].key
    coordinator.send(f"{HOME}checklist/items/{last}/tick", wanted="done")
    assert others(coordinator.page(f"{HOME}start/")) == ["Calendar"]


def test_a_coalition_of_one_that_hides_the_first_evening_has_a_menu_that_grows_for_good(
    coordinator: EngageClient,
) -> None:
    make_meeting(coordinator.membership)
    coordinator.send(f"{HOME}first-evening/end")
    assert others(coordinator.page(f"{HOME}start/")) == ["Calendar"]
    coordinator.send(f"{HOME}first-evening/back")
    assert others(coordinator.page(f"{HOME}start/")) == ["Calendar"]


# -- a coalition that keeps it short


def test_a_coalition_may_keep_its_menu_short(coordinator: EngageClient) -> None:
    factories.make_action(factories.make_plan())
    page = coordinator.page(f"{HOME}settings/")
    kept = {name: page.value(name) for name in ("name", "community", "time_zone", "fiscal_month", "version")}
    kept |= {name: page.value(name) for name in ("active_months", "quiet_days")}
    coordinator.send(f"{HOME}settings/", **kept, menu_is_short="y")
    page = coordinator.page(f"{HOME}settings/")
    assert (page.texts(MENU), page.texts(MORE)) == (EIGHT, OTHERS)
    assert page.all("[name=menu_is_short][checked]")
    kept["version"] = page.value("version")
    coordinator.send(f"{HOME}settings/", **kept)
    assert others(coordinator.page(f"{HOME}start/")) == ["Calendar", "Reports"]


# -- hidden entries


@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("documents/", "Documents"),
        ("calendar/", "Calendar"),
        ("strengths/needs/", "Strengths and needs"),
        ("chain/loose-ends", "Strengths and needs"),
        ("reports/funder", "Reports"),
        ("about/", "About us"),
    ],
)
def test_a_page_that_a_mail_links_to_opens_with_more_open_and_its_entry_marked(
    member: EngageClient, path: str, entry: str
) -> None:
    for menu in (".menu-wide", ".menu-panel"):
        page = member.page(HOME + path)
        assert page.texts(f"{menu} .menu-more[open] [aria-current='page']") == [entry]
    assert not member.page(f"{HOME}plan/").all(".menu-more[open]")


def test_search_and_ones_account_keep_the_menu(coordinator: EngageClient) -> None:
    past_the_first_evening()
    make_need(coordinator.membership)
    there = coordinator.page(f"{HOME}plan/")
    for path in (f"{HOME}search/", f"{HOME}search/?q=bed", "/account/"):
        page = coordinator.page(path)
        assert page.texts(MENU) == there.texts(MENU)
        assert page.texts(BESIDE) == there.texts(BESIDE)
        assert page.all(".side-search .search-side")


# -- what it costs


def test_only_the_first_row_of_a_kind_writes_the_coalition_and_then_once(coordinator: EngageClient) -> None:
    form = {"title": "Bylaws", "link": "https://example.org/a", "kind": "charter", "readers": "everyone"}

    def written() -> list[str]:
        with databases.counted_queries() as statements:
            coordinator.send(f"{HOME}documents/new", **form)
        return [each for each in statements if each.startswith("UPDATE coalitions_coalition")]

    assert len(written()) == 1
    assert written() == []


def test_the_menu_costs_a_page_no_statement(coordinator: EngageClient) -> None:
    def asked() -> int:
        with databases.counted_queries() as statements:
            coordinator.page(f"{HOME}settings/")
        return len(statements)

    short = asked()
    factories.the_coalition().menu_entries = [str(each) for each in ComesUp]
    db.session.commit()
    assert asked() == short


def test_the_sample_shows_its_full_menu() -> None:
    sample = json.loads(sample_service.FILE.read_text())["coalition"]
    assert (set(sample["menu_entries"]), sample["menu_is_short"]) == (set(ComesUp), False)
