"""Tests the network page: what coalitions share, what the site's admins see, and that it is only sums."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock, database
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.attendance.queries import coverage_of
from engage.operations.daily import tick
from engage.operations.network import queries, service
from engage.operations.network.models import NetworkSum, SharedCount
from engage.operations.network.rules import EVERY, CountKind
from engage.partners.coverage.rules import Coverage
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_user, signed_in_client

PAGE, SETTINGS = "/admin/network/", "/c/riverbend/settings/network"


@pytest.fixture
def admin(app: Flask) -> EngageClient:
    user = make_user(name="Rosa Hill", is_admin=True)
    return signed_in_client(app, make_membership(user=user, coalition=make_coalition(slug="hosts")))


def make_sharing(number: int, people: int = 2, *kinds: CountKind) -> Coalition:
    """Makes a coalition that shares these counts, its members alone if none are named."""
    coalition: Coalition = make_coalition(slug=f"valley{number}", name=f"Valley {number}")
    first = make_membership(coalition=coalition, role=Role.COORDINATOR)
    for _one in range(people - 1):
        make_membership(coalition=coalition)
    service.share(first, kinds or [CountKind.MEMBERS])
    db.session.commit()
    return coalition


def test_the_page_shows_sums_of_five_coalitions_and_no_name_of_any(admin: EngageClient) -> None:
    for number in range(4):
        make_sharing(number)
    tick.run()
    assert admin.page(PAGE).text("#operations-network").count("not shown") == len(CountKind)
    make_sharing(5, people=4)
    tick.run()
    page = admin.page(PAGE)
    assert "12" in page.text("#operations-network") and page.has("in 5 coalitions")
    assert not page.has("Valley")
    file = admin.get("/admin/network/file").text
    assert '"Members","12","5"' in file
    assert "Valley" not in file and "Actions done" not in file


def test_a_large_total_is_written_as_people_write_it_and_in_the_file_as_programs_read_it(
    admin: EngageClient,
) -> None:
    values: dict[str, Any] = {"total": 16380, "coalitions": 126, "counted_at": clock.now(), "marks": []}
    db.session.add(NetworkSum(kind=CountKind.ACTIONS_DONE, **values))
    db.session.commit()
    assert admin.page(PAGE).has("16,380")
    assert '"Actions done","16380","126"' in admin.get("/admin/network/file").text


@pytest.fixture
def next_month() -> Iterator[Callable[[], None]]:
    """Returns what moves the clock to when a count may have a new sum."""
    with time_machine.travel(clock.now(), tick=False) as travel:
        yield lambda: travel.shift(EVERY)


def test_a_sixth_coalition_changes_no_sum_and_five_more_do(
    app: Flask, next_month: Callable[[], None]
) -> None:
    for number in range(5):
        make_sharing(number)
    tick.run()
    make_sharing(6, people=9)
    next_month()
    tick.run()
    assert queries.sums()[CountKind.MEMBERS].total == 10
    for number in range(7, 11):
        make_sharing(number)
    next_month()
    tick.run()
    assert queries.sums()[CountKind.MEMBERS].total == 27
    assert [each.total for each in queries.published(CountKind.MEMBERS)] == [10, 27]


def test_what_was_published_first_is_still_compared_when_others_came_since(
    app: Flask, next_month: Callable[[], None]
) -> None:
    """A to E, A to J, A to E and K: the third less the first would be K's number."""
    made = [make_sharing(number) for number in range(5)]
    tick.run()
    more = [make_sharing(number) for number in range(5, 10)]
    next_month()
    tick.run()
    for each in more:
        db.session.get_one(Coalition, each.id).closed_at = clock.now()
    make_sharing(10, people=9)
    next_month()
    tick.run()
    assert [each.total for each in queries.published(CountKind.MEMBERS)] == [10, 20]
    assert made


def test_a_count_has_one_new_sum_a_month_at_most(app: Flask, next_month: Callable[[], None]) -> None:
    for number in range(5):
        make_sharing(number)
    tick.run()
    for number in range(5, 10):
        make_sharing(number)
    tick.run()
    assert queries.sums()[CountKind.MEMBERS].total == 10
    next_month()
    tick.run()
    assert queries.sums()[CountKind.MEMBERS].total == 20


def test_nothing_is_shared_until_a_coordinator_ticks_it_and_the_audit_log_says_so(
    coordinator: EngageClient, member: EngageClient
) -> None:
    assert db.session.scalars(sa.select(SharedCount)).all() == []
    assert not coordinator.page(SETTINGS).all("input[name=counts][checked]")
    assert coordinator.send(SETTINGS, counts=["members", "sectors"]).status == 303
    assert len(coordinator.page(SETTINGS).all("input[name=counts][checked]")) == 2
    assert db.session.scalars(sa.select(AuditEntry.what)).all() == ["network_counts"]
    assert coordinator.send(SETTINGS).status == 303
    assert db.session.scalars(sa.select(SharedCount)).all() == []
    assert coordinator.send(SETTINGS, counts=["secrets"]).status == 422
    assert member.get(SETTINGS).status_code == 403


def test_a_coordinator_sees_the_own_number_beside_the_sum_that_the_network_sees(
    coordinator: EngageClient,
) -> None:
    for number in range(5):
        make_sharing(number)
    tick.run()
    page = coordinator.page(SETTINGS)
    assert page.has("in 5 coalitions") and page.has("Your number now")
    assert coordinator.page("/c/riverbend/settings/access").one(f"a[href='{SETTINGS}']")


def test_the_numbers_are_those_of_the_coalitions_own_pages(coordinator: EngageClient) -> None:
    coalition = coordinator.membership.coalition_id
    assert queries.number_of(CountKind.MEMBERS, coalition) == 1
    assert [queries.number_of(kind, coalition) for kind in CountKind if kind is not CountKind.MEMBERS] == [
        0,
        0,
        0,
    ]


def test_closed_coalitions_count_no_more_and_the_stored_sum_names_no_one(
    admin: EngageClient, next_month: Callable[[], None]
) -> None:
    made = [make_sharing(number) for number in range(10)]
    tick.run()
    assert db.session.scalars(sa.select(NetworkSum.coalitions)).one() == 10
    for coalition in made[:5]:
        db.session.get_one(Coalition, coalition.id).closed_at = clock.now()
    db.session.commit()
    next_month()
    tick.run()
    row = queries.sums()[CountKind.MEMBERS]
    assert (row.total, row.coalitions, len(row.marks)) == (10, 5, 5)
    assert all(len(mark) == 64 for mark in row.marks)


def test_others_save_while_the_numbers_are_counted(app: Flask, monkeypatch: pytest.MonkeyPatch) -> None:
    """With hundreds of coalitions that takes seconds, at the first change of a day or by the timer."""
    make_sharing(1, 2, CountKind.SECTORS)
    monkeypatch.setattr(database, "WAITS_SECONDS", 0.05)
    saved = []

    def save(_membership: Membership) -> Coverage:
        with database.short_transaction(db.engine) as session:
            session.execute(sa.update(Coalition).values(version=Coalition.version + 1))
        saved.append(True)
        return coverage_of(_membership)

    monkeypatch.setattr(queries, "coverage_of", save)
    tick.run()
    assert saved == [True]


@pytest.mark.parametrize("kind", [kind for kind in CountKind if kind is not CountKind.SECTORS])
def test_a_count_is_one_statement_however_many_share_it(app: Flask, kind: CountKind) -> None:
    asked = []
    for number in range(3):
        make_sharing(number, 2, kind)
        with counted_queries() as statements:
            assert len(queries.numbers(kind)) == number + 1
        asked.append(len(statements))
    assert asked == [2, 2, 2]


def test_the_pages_ask_as_often_however_many_share(admin: EngageClient) -> None:
    asked = []
    for start, end in ((0, 5), (5, 15)):
        for number in range(start, end):
            make_sharing(number)
        tick.run()
        with counted_queries() as statements:
            admin.page(PAGE)
        asked.append(len(statements))
    assert asked[0] == asked[1]
