"""Tests that expired data is deleted when its time has come, not before, and that the settings page says when."""

import os
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock, history
from engage.accounts.models import PasswordLink, SignedIn, User
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Invitation, Membership
from engage.coalitions.rules import Role, months_before
from engage.config import ROOT
from engage.extensions import db
from engage.messages.models import Mail, MailTest
from engage.messages.rules import MailState
from engage.operations.daily import labels as daily_labels
from engage.operations.daily import leftovers, retention, tick
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_user, the_coalition

NOON = datetime(2027, 1, 15, 18, tzinfo=UTC)
KEPT = "/c/riverbend/settings/data"


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


def erased(key: str) -> int:
    return tick.run().erased[key]


def goes_after(
    time: time_machine.Traveller, key: str, kept: timedelta, left: Callable[[], int], *, stay: int = 0
) -> None:
    """Checks that one row stays until a moment before its time, is deleted at its time, and is not counted twice."""
    time.move_to(NOON + kept - timedelta(minutes=1))
    assert (erased(key), left()) == (0, stay + 1)
    time.move_to(NOON + kept + timedelta(minutes=1))
    assert (erased(key), left()) == (1, stay)
    assert (erased(key), left()) == (0, stay)


def count(model: Any) -> int:
    db.session.rollback()  # what was not committed would come back
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({}, timedelta(hours=2)),
        ({"is_own": True}, timedelta(days=45)),
        ({"is_own": True, "holds_keys": True}, timedelta(days=30)),
        ({"is_own": True, "created_at": NOON - timedelta(days=170)}, timedelta(days=10)),
    ],
)
def test_sessions_go_when_they_sign_no_one_in_any_more(
    app: Flask, time: time_machine.Traveller, values: dict[str, Any], kept: timedelta
) -> None:
    user = make_user()
    made = {"created_at": NOON, "last_seen_at": NOON, "token_hash": "x", **values}
    db.session.add(SignedIn(user_id=user.id, **made))
    db.session.commit()
    goes_after(time, "sessions", kept, lambda: count(SignedIn))


def test_an_admins_session_goes_as_early_as_a_coordinators(app: Flask, time: time_machine.Traveller) -> None:
    admin = make_user(is_admin=True)
    db.session.add(
        SignedIn(user_id=admin.id, token_hash="x", created_at=NOON, last_seen_at=NOON, is_own=True)
    )
    db.session.commit()
    goes_after(time, "sessions", timedelta(days=30), lambda: count(SignedIn))


@pytest.mark.parametrize("used", [True, False])
def test_password_links_go_thirty_days_after_they_were_used_or_ran_out(
    app: Flask, time: time_machine.Traveller, used: bool
) -> None:
    user = make_user()
    times = {"created_at": NOON, "expires_at": NOON + timedelta(hours=1), "used_at": NOON if used else None}
    db.session.add(PasswordLink(user_id=user.id, token_hash="x", **times))
    db.session.commit()
    kept = timedelta(days=30) + (timedelta() if used else timedelta(hours=1))
    goes_after(time, "password_links", kept, lambda: count(PasswordLink))


@pytest.mark.parametrize(
    ("values", "kept"),
    [
        ({"uses_left": 0, "last_used_at": NOON, "expires_at": NOON + timedelta(days=80)}, timedelta(days=90)),
        ({"revoked_at": NOON}, timedelta(days=90)),
        ({"expires_at": NOON}, timedelta(days=90)),
        ({"expires_at": NOON + timedelta(days=7)}, timedelta(days=97)),
    ],
)
def test_invitations_go_ninety_days_after_they_open_no_door_any_more(
    app: Flask, time: time_machine.Traveller, values: dict[str, Any], kept: timedelta
) -> None:
    maria = make_membership(role=Role.COORDINATOR)
    made = invitations_service.invite_openly(maria, Role.MEMBER, 30, 5)
    for name, value in values.items():
        setattr(made, name, value)
    usable = invitations_service.invite_openly(maria, Role.MEMBER, 30, 5)
    usable.expires_at = NOON + timedelta(days=400)
    db.session.commit()
    goes_after(time, "invitations", kept, lambda: count(Invitation), stay=1)


def test_records_of_mails_go_after_ninety_days_but_each_persons_last(
    app: Flask, time: time_machine.Traveller
) -> None:
    for _person in range(2):
        user = make_user()
        db.session.add(MailTest(user_id=user.id, asked_at=NOON))
        for number, state in enumerate((MailState.SENT, MailState.SENT, MailState.FAILED)):
            day = date(2027, 1, 10 + number)
            db.session.add(Mail(user_id=user.id, day=day, state=state, claimed_at=NOON))
    db.session.commit()
    time.move_to(NOON + timedelta(days=90))
    assert (erased("mails"), count(Mail), count(MailTest)) == (0, 6, 2)
    time.move_to(NOON + timedelta(days=90, minutes=1))
    assert (erased("mails"), count(MailTest)) == (4, 0)
    assert db.session.scalars(sa.select(Mail.day)).all() == [date(2027, 1, 11)] * 2
    assert erased("mails") == 0


def test_contacts_of_who_left_go_after_the_months_that_their_coalition_chose(
    app: Flask, time: time_machine.Traveller
) -> None:
    contacts = {"phone": "555-0100", "shows_phone": True, "email": "gone@example.org"}
    left = {}
    for months in (1, 12, None):
        coalition = make_coalition(slug=f"keeps-{months}")
        coalition.contact_months = months
        left[months] = make_membership(coalition=coalition, left_on=date(2027, 1, 15), **contacts)
        make_membership(coalition=coalition, **contacts)
    db.session.commit()

    def reachable() -> set[int | None]:
        db.session.expire_all()
        return {months for months, place in left.items() if place.phone or place.email or place.shows_phone}

    for day, gone, rest in (
        (datetime(2027, 2, 14, 18, tzinfo=UTC), 0, {1, 12, None}),
        (datetime(2027, 2, 15, 18, tzinfo=UTC), 1, {12, None}),
        (datetime(2028, 1, 14, 18, tzinfo=UTC), 0, {12, None}),
        (datetime(2028, 1, 15, 18, tzinfo=UTC), 1, {None}),
        (datetime(2035, 1, 15, 18, tzinfo=UTC), 0, {None}),
    ):
        time.move_to(day)
        assert (erased("contacts"), reachable()) == (gone, rest)
    here = sa.select(sa.func.count(Membership.id)).where(Membership.phone != "", Membership.left_on.is_(None))
    assert db.session.scalar(here) == 3


@pytest.mark.parametrize(
    ("day", "months", "before"),
    [
        (date(2027, 3, 31), 1, date(2027, 2, 28)),
        (date(2028, 3, 31), 1, date(2028, 2, 29)),
        (date(2027, 1, 15), 1, date(2026, 12, 15)),
        (date(2027, 1, 15), 12, date(2026, 1, 15)),
        (date(2027, 12, 31), 24, date(2025, 12, 31)),
        (date(2027, 12, 31), 6, date(2027, 6, 30)),
    ],
)
def test_months_are_counted_back_to_the_same_day_or_the_months_last(
    day: date, months: int, before: date
) -> None:
    assert months_before(day, months) == before


def test_a_rule_that_fails_keeps_no_other_from_its_turn_and_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    user = make_user()
    old = NOON - timedelta(days=100)
    db.session.add(SignedIn(user_id=user.id, token_hash="x", created_at=old, last_seen_at=old))
    db.session.commit()

    def broken(_now: datetime) -> int:
        raise RuntimeError("broken")

    first = retention.RetentionRule("ballots", "Old ballots erased", broken)
    monkeypatch.setattr(retention, "RULES", (first, *retention.RULES[1:]))
    with pytest.raises(RuntimeError, match="broken"):
        tick.run()
    assert count(SignedIn) == 0


def test_every_rule_stands_on_the_page_and_in_the_documentation(coordinator: EngageClient) -> None:
    page = coordinator.page(KEPT)
    lines = retention_words_of()
    text = Path(ROOT, "docs", "retention.md").read_text()
    for rule in retention.RULES:
        assert page.has(lines[rule.key].what), rule.key
        assert page.has(lines[rule.key].until), rule.key
        assert f"`{rule.key}`" in text, rule.key
    assert page.has("Backups of this site keep everything that was there when they were made")
    assert coordinator.page("/c/riverbend/settings/").all(f".sections a[href='{KEPT}']")


def retention_words_of() -> dict[str, daily_labels.KeptUntil]:
    from flask import current_app

    with current_app.test_request_context():
        return daily_labels.lines(the_coalition())


def test_coordinators_choose_how_long_contacts_are_kept(
    coordinator: EngageClient, member: EngageClient
) -> None:
    assert coordinator.page(KEPT).has("12 months after they left")
    assert coordinator.send(KEPT, months="3").location == KEPT
    page = coordinator.page(KEPT)
    assert (page.value("months"), page.has("3 months after they left")) == ("3", True)
    assert coordinator.send(KEPT, months="").location == KEPT
    db.session.expire_all()
    assert the_coalition().contact_months is None
    assert coordinator.page(KEPT).has("until someone deletes them")
    noted = sa.select(history.HistoryEntry.old, history.HistoryEntry.new)
    noted = noted.where(history.HistoryEntry.field == "contact_months").order_by(history.HistoryEntry.id)
    assert [tuple(row) for row in db.session.execute(noted)] == [("12", "3"), ("3", None)]
    refused = coordinator.send(KEPT, months="7")
    assert (refused.status, len(refused.errors)) == (422, 1)
    assert member.get(KEPT).status_code == 403
    assert member.send(KEPT, months="3").status == 403


def test_who_is_not_over_stays(app: Flask) -> None:
    """A day's work on an installation in use takes nothing that someone still needs."""
    maria = make_membership(role=Role.COORDINATOR)
    user = db.session.get_one(User, maria.user_id)
    invitations_service.invite_openly(maria, Role.MEMBER, 30, 5)
    db.session.add(
        SignedIn(user_id=user.id, token_hash="x", created_at=clock.now(), last_seen_at=clock.now())
    )
    db.session.commit()
    assert set(tick.run().erased.values()) == {0}
    assert (count(Invitation), count(SignedIn)) == (1, 1)


def test_a_copy_that_a_killed_command_left_goes_after_a_week_and_nothing_else_does(
    app: Flask, time: time_machine.Traveller
) -> None:
    data = Path(app.config["DATA"])
    for name in ("before-restore-x", "upgrading-x", "backups/.engage-part-x", "backups/kept", "mine"):
        (data / name).mkdir(parents=True)
        (data / name / "engage.db").write_bytes(b"x" * 1000)
        os.utime(data / name, (NOON.timestamp(), NOON.timestamp()))
    time.move_to(NOON + timedelta(days=6, hours=23))
    assert erased("leftovers") == 0
    time.move_to(NOON + timedelta(days=7, minutes=1))
    assert erased("leftovers") == 3
    assert leftovers.folders(data) == []
    assert (data / "backups/kept/engage.db").exists() and (data / "mine/engage.db").exists()
