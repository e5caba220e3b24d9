"""The daily work: renewal actions in time, once for each end; sign-in tries forgotten; when it runs."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextvars import Context
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa
import time_machine
from click.testing import CliRunner
from flask import Flask

from engage import clock
from engage.accounts import throttle
from engage.accounts.models import Throttle
from engage.accounts.rules import PER_ACCOUNT, PER_ADDRESS, PER_CODE
from engage.cli import main
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.config import TestConfig, in_folder
from engage.extensions import db
from engage.operations.daily import tick
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.models import Agreement
from engage.partners.rules import AgreementState
from engage.plan.models import Action, ActionAgreement, Plan
from engage.plan.rules import PlanStatus
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.models import Ballot, Vote
from tests import databases
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_organization, make_plan
from tests.partners.agreements.rows import make_agreement
from tests.strengths.votes.rows import make_vote, vote_by_phone

NOON = datetime(2027, 1, 15, 18, tzinfo=UTC)
END = date(2027, 3, 16)


@pytest.fixture(autouse=True)
def time() -> Iterator[time_machine.Traveller]:
    """Sets the time to January 15, 2027, 60 days before END; noon in Chicago."""
    with time_machine.travel(NOON, tick=False) as travel:
        yield travel


@pytest.fixture
def maria(app: Flask) -> Membership:
    return make_membership(role=Role.COORDINATOR, name="Maria Santos")


def actions() -> list[Action]:
    return list(db.session.scalars(sa.select(Action).order_by(Action.number)))


def test_an_action_is_made_once_when_the_time_has_come(
    maria: Membership, time: time_machine.Traveller
) -> None:
    plan, owner = make_plan(), make_membership(name="Thuy Nguyen")
    agreement = make_agreement(maria, ends_on=END, owner_id=owner.id)
    time.move_to(NOON - timedelta(days=1))
    assert tick.run().renewals == 0
    time.move_to(NOON)
    assert tick.run().renewals == 1
    (made,) = actions()
    assert (made.title, made.due_on, made.owner_id, made.plan_id, made.organization_id) == (
        "Renew or end: MOU with Grace Church",
        END,
        owner.id,
        plan.id,
        agreement.organization_id,
    )
    tie = db.session.scalars(sa.select(ActionAgreement)).one()
    assert (tie.action_id, tie.agreement_id, tie.renews_end_on) == (made.id, agreement.id, END)
    for days in (0, 1, 59, 61, 400):
        time.move_to(NOON + timedelta(days=days))
        assert tick.run().renewals == 0
    assert len(actions()) == 1


def test_the_day_to_begin_is_the_agreements_own(maria: Membership, time: time_machine.Traveller) -> None:
    make_agreement(maria, ends_on=END, notice_on=date(2027, 2, 28))
    for day, made in ((date(2027, 2, 27), 0), (date(2027, 2, 28), 1)):
        time.move_to(datetime(day.year, day.month, day.day, 18, tzinfo=UTC))
        assert tick.run().renewals == made


def test_the_day_is_the_coalitions_not_the_servers(maria: Membership, time: time_machine.Traveller) -> None:
    make_agreement(maria, ends_on=END, notice_on=date(2027, 2, 28))
    time.move_to(datetime(2027, 2, 28, 5, tzinfo=UTC))  # still the 27th in Chicago
    assert tick.run().renewals == 0
    east = make_membership(coalition=make_coalition(time_zone="Pacific/Auckland"), role=Role.COORDINATOR)
    make_agreement(east, ends_on=END, notice_on=date(2027, 2, 28))
    time.move_to(datetime(2027, 2, 27, 12, tzinfo=UTC))  # the 28th in Auckland
    assert tick.run().renewals == 1
    assert actions()[0].coalition_id == east.coalition_id


def test_renewed_it_gets_the_next_action_in_its_time(maria: Membership, time: time_machine.Traveller) -> None:
    make_plan()
    agreement = make_agreement(maria, ends_on=END)
    tick.run()
    dates = {"ends_on": date(2028, 3, 16), "notice_on": None, "review_on": None}
    agreements_service.renew_agreement(maria, agreement, agreement.version, date(2027, 1, 15), dates)
    db.session.commit()
    assert tick.run().renewals == 0
    time.move_to(datetime(2028, 1, 16, 18, tzinfo=UTC))
    assert tick.run().renewals == 1
    assert [action.due_on for action in actions()] == [END, date(2028, 3, 16)]


def test_an_action_that_was_deleted_is_not_made_again(maria: Membership) -> None:
    make_agreement(maria, ends_on=END)
    tick.run()
    db.session.delete(actions()[0])
    db.session.commit()
    assert tick.run().renewals == 0


def test_ballots_of_every_coalition_go_a_day_after_their_vote_was_closed(
    app: Flask, maria: Membership, time: time_machine.Traveller
) -> None:
    others = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    closed = [make_vote(by) for by in (maria, others)]
    for vote in [*closed, make_vote(maria)]:
        vote_by_phone(app, vote.token, (5, 4))
    for vote, by in zip(closed, (maria, others), strict=True):
        votes_service.close(by, vote)
        db.session.commit()
    time.move_to(NOON + timedelta(hours=23))
    assert tick.run().erased["ballots"] == 0
    time.move_to(NOON + timedelta(hours=25))
    assert (tick.run().erased["ballots"], tick.run().erased["ballots"]) == (2, 0)
    db.session.rollback()  # what was not committed would come back
    assert db.session.scalars(sa.select(Vote.ballots).order_by(Vote.id)).all() == [1, 1, None]
    assert db.session.scalar(sa.select(sa.func.count(Ballot.id))) == 1


def test_what_is_not_signed_or_has_no_end_is_left_alone(maria: Membership) -> None:
    for state in (AgreementState.DRAFTING, AgreementState.WITH_BOARD, AgreementState.DECLINED):
        make_agreement(maria, make_organization(name=state), state=state, ends_on=END)
    make_agreement(maria)
    assert tick.run().renewals == 0


def test_who_wrote_it_down_leads_where_its_keeper_has_left_else_no_one(maria: Membership) -> None:
    gone = make_membership(left_on=date(2026, 5, 1))
    first = make_agreement(maria, make_organization(name="A"), ends_on=END, owner_id=gone.id)
    writer = make_membership(role=Role.COORDINATOR)
    second = make_agreement(writer, make_organization(name="B"), ends_on=END, owner_id=gone.id)
    writer.left_on = date(2026, 6, 1)
    db.session.commit()
    tick.run()
    assert [action.owner_id for action in actions()] == [maria.id, None]
    assert first.renewal_made_for == second.renewal_made_for == END


@pytest.mark.parametrize("there", [PlanStatus.DRAFT, PlanStatus.CLOSED, None])
def test_without_a_current_plan_it_lands_in_the_draft_else_in_a_new_one(
    maria: Membership, there: PlanStatus | None
) -> None:
    plan = make_plan(status=there) if there is not None else None
    make_agreement(maria, ends_on=END)
    tick.run()
    (made,) = actions()
    landed = db.session.get_one(Plan, made.plan_id)
    assert landed.status is PlanStatus.DRAFT
    assert (plan is not None and landed.id == plan.id) is (there is PlanStatus.DRAFT)


def test_two_workers_at_once_make_one_action(app: Flask, maria: Membership) -> None:
    make_agreement(maria, ends_on=END)

    def work(_n: int) -> int:
        with app.app_context():
            try:
                return tick.run().renewals
            finally:
                db.session.remove()

    with ThreadPoolExecutor(4) as pool:
        assert sum(pool.map(work, range(4))) == 1
    assert len(actions()) == 1


def test_each_coalition_gets_its_own(maria: Membership) -> None:
    other = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    make_agreement(maria, ends_on=END)
    make_agreement(other, ends_on=END)
    assert tick.run().renewals == 2
    assert sorted((action.coalition_id, action.number) for action in actions()) == sorted(
        [(maria.coalition_id, 1), (other.coalition_id, 1)]
    )


def test_tries_that_have_refilled_are_forgotten_and_others_kept(
    app: Flask, time: time_machine.Traveller
) -> None:
    throttle.take_try("old@example.org", "192.0.2.1")
    throttle.count_failure("192.0.2.1")
    time.shift(max(each.full_after for each in (PER_ACCOUNT, PER_ADDRESS, PER_CODE)) + timedelta(minutes=1))
    throttle.take_try("new@example.org", "192.0.2.2")
    assert tick.run().erased["tries"] == 2
    assert db.session.scalar(sa.select(sa.func.count()).select_from(Throttle)) == 2


# -- when it runs


@pytest.fixture
def daily(app: Flask) -> Flask:
    """Runs an application as it is served: beside the suite's, on the same database."""
    config = TestConfig(
        DATA=app.config["DATA"], SQLALCHEMY_DATABASE_URI=app.config["SQLALCHEMY_DATABASE_URI"], DAILY=True
    )
    made = databases.another_app(config)
    made.test_client_class = EngageClient
    return made


def test_the_first_post_of_a_day_does_it_and_reading_does_not(
    daily: Flask, maria: Membership, time: time_machine.Traveller
) -> None:
    agreement_id = make_agreement(maria, ends_on=END).id
    client = daily.test_client()
    client.get("/sign-in").close()
    assert actions() == []
    client.post("/sign-in", data={}).close()
    db.session.expire_all()
    assert len(actions()) == 1
    # The same day again: nothing is even asked.
    db.session.execute(sa.update(Agreement).values(renewal_made_for=None))
    db.session.commit()
    client.post("/sign-in", data={}).close()
    assert len(actions()) == 1
    time.shift(timedelta(days=1))
    client.post("/sign-in", data={}).close()
    assert len(actions()) == 2
    assert db.session.get_one(Agreement, agreement_id, populate_existing=True).renewal_made_for == END


def test_a_day_that_fails_is_logged_without_words_and_pages_go_on(
    daily: Flask, maria: Membership, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(_today: date) -> list[int]:
        raise RuntimeError("what somebody wrote")

    monkeypatch.setattr("engage.plan.actions.renewals.coalitions_to_look_at", broken)
    answer = daily.test_client().post("/sign-in", data={})
    answer.close()
    assert answer.status_code == 400
    assert "the day's work failed" in caplog.text
    assert "RuntimeError" in caplog.text
    assert "what somebody wrote" not in caplog.text


def test_the_command_says_what_it_did(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_DATA", str(tmp_path))
    monkeypatch.delenv("ENGAGE_DATABASE_URL", raising=False)
    config = TestConfig(DATA=tmp_path, SQLALCHEMY_DATABASE_URI=in_folder(tmp_path))
    databases.migrate(databases.another_app(config))
    # As in a process of its own: a command takes the application whose context is open, and the world of the tests
    # of isolation keeps its own open until the last test.
    run = Context().run
    assert run(CliRunner().invoke, main, ["init"]).exit_code == 0
    done = run(CliRunner().invoke, main, ["tick"])
    assert (done.exit_code, done.output) == (
        0,
        "Renewal actions added: 0. Repeating actions added: 0. Old ballots erased: 0. "
        "Old counts of addresses deleted: 0. Old sign-ups for events deleted: 0. "
        "Answers about events counted and deleted: 0. "
        "Old copies of changes erased: 0. Old sign-in attempts deleted: 0. "
        "Ended sessions deleted: 0. Old password links deleted: 0. "
        "Old links in e-mails about actions deleted: 0. Old links to connect accounts deleted: 0. "
        "Old invitations deleted: 0. "
        "Old answers to requests deleted: 0. "
        "Records of old e-mails deleted: 0. Old letters emptied or deleted: 0. Contacts of former members erased: 0. "
        "Old requests for links to sign in deleted: 0. "
        "Old notices and browsers deleted: 0. "
        "Old marks of forms that were sent deleted: 0. Old lines of audit logs erased: 0. "
        "Leftover copies of the data removed: 0.\n",
    ), done.output
    assert clock.today() == NOON.date()
