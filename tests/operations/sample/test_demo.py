"""The sample coalition: where it may be written, and what it shows."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask

from engage import clock
from engage.accounts.models import User
from engage.assessment.models import Answer, DraftSet, Effort, Paper, Response, Round, StoredRelease
from engage.assessment.results.rules.releases import Release, Showing
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.rules import QuestionChange, change
from engage.cli import main
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.meetings.attendance.queries import coverage_of
from engage.meetings.attendance.service import attended
from engage.meetings.models import Decision, Meeting
from engage.meetings.queries import agenda_of
from engage.meetings.rules import Source
from engage.operations.rules import DEMO_MARKER
from engage.operations.sample import demo
from engage.partners.coverage.recruitments import service as recruitments_service
from engage.partners.coverage.rules import RecruitmentOutcome, is_late
from engage.partners.models import Contact, Conversation, Organization
from engage.partners.rules import Level, needs_a_look
from engage.plan.models import Action
from engage.reports.handover import service as handover_service
from engage.reports.public import queries as public_queries
from engage.reports.public import service as public_service
from engage.strengths.explorer import pages as explorer_pages
from engage.strengths.models import Match, Strength
from engage.strengths.needs.queries import needs_of
from engage.strengths.rules import MatchState, RatingSource, StrengthKind
from engage.strengths.votes.queries import votes_of_meeting
from tests import databases
from tests.html import Page

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only, pytest.mark.real_clock]


@pytest.fixture(autouse=True)
def no_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ENGAGE_DATA", "ENGAGE_DATABASE_URL", "ENGAGE_URL"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Flask, list[tuple[str, str, str]]]]:
    app, sign_ins = demo.build(tmp_path_factory.mktemp("demo") / "data", port=8000, lan=False)
    yield app, sign_ins
    databases.close(app)


def test_a_folder_that_holds_something_else_is_refused(tmp_path: Path) -> None:
    precious = tmp_path / "engage.db"
    precious.write_text("a real installation")
    with pytest.raises(demo.DemoRefused, match="contains something that is not a demo"):
        demo.empty_folder(tmp_path)
    assert precious.read_text() == "a real installation"


def test_an_empty_folder_and_an_earlier_demo_are_taken(tmp_path: Path) -> None:
    demo.empty_folder(tmp_path)
    (tmp_path / "engage.db").write_text("an earlier demo")
    demo.empty_folder(tmp_path)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["secret_key", DEMO_MARKER]


def test_a_database_address_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_DATABASE_URL", "postgresql://somebody@127.0.0.1/precious")
    with pytest.raises(demo.DemoRefused, match="never writes to ENGAGE_DATABASE_URL"):
        demo.empty_folder(tmp_path)
    assert not any(tmp_path.iterdir())


def test_a_broken_setting_is_said_in_one_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ENGAGE_URL", "my server")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = str(free.getsockname()[1])
    said = CliRunner().invoke(main, ["demo", "--folder", str(tmp_path), "--port", port])
    assert said.exit_code == 1
    assert said.output.count("\n") == 1
    assert "ENGAGE_URL must be the address people type" in said.output


def test_passwords_are_made_anew_and_long(tmp_path: Path) -> None:
    passwords = {demo._password() for _ in range(50)}
    assert len(passwords) == 50
    assert min(map(len, passwords)) >= 12


def test_both_sign_ins_work_and_land_in_the_coalition(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, sign_ins = built
    assert [role for role, _email, _password in sign_ins] == ["coordinator", "member"]
    for _role, email, password in sign_ins:
        client = app.test_client()
        token = Page(client.get("/sign-in")).value("csrf_token")
        fields = {"email": email, "password": password, "csrf_token": token}
        answer = client.post("/sign-in", data=fields)
        assert answer.headers["Location"] == "/c/riverbend-county/"


def test_the_sample_is_lively(built: tuple[Flask, list[tuple[str, str, str]]]) -> None:
    app, _sign_ins = built
    with app.app_context():
        count = {
            model: db.session.scalar(sa.select(sa.func.count()).select_from(model))
            for model in (User, Membership, Action, Round, Response, Answer)
        }
        assert count[User] >= 15
        assert count[Membership] == 20
        assert count[Action] == 35
        assert count[Round] >= 3
        # The closed round keeps no tie between a person and their answers.
        closed = sa.select(Response.respondent_id).join(Round, Round.id == Response.round_id)
        assert set(db.session.scalars(closed.where(Round.closed_at.is_not(None)))) == {None}


def test_the_sample_has_a_round_with_groups_and_one_too_small_for_any(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        rows = sa.select(StoredRelease.results).join(Round, Round.id == StoredRelease.round_id)
        newest = db.session.scalars(rows.order_by(Round.closed_at.desc())).all()
        shown = [Release.from_json(results).showing for results in newest]
        assert shown[0] is Showing.GROUPS
        assert Showing.ONLY_ALL in shown[1:]


def test_the_demo_has_a_question_set_with_every_kind_of_change(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        draft = sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one())
        ours = sets_service.ours_beside(draft.questions)
        found = {
            change(each, ours.get(each.key)) for area in draft.questions.areas for each in area.questions
        }
        assert found == set(QuestionChange)
        assert draft.hidden


def test_the_demo_has_known_efforts_and_papers(built: tuple[Flask, list[tuple[str, str, str]]]) -> None:
    app, _sign_ins = built
    with app.app_context():
        shown = db.session.scalars(sa.select(Effort).where(Effort.shared)).all()
        assert any(each.organization_id for each in shown)
        assert any(each.organization_id is None for each in shown)
        assert {each.added_by_id is None for each in shown} == {True, False}
        assert len(db.session.scalars(sa.select(Paper)).all()) == 2


def test_the_demo_has_needs_rated_and_not_and_strengths_of_every_kind(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        needs = needs_of(db.session.scalars(sa.select(Membership)).first())
        assert {each.rating_source for each in needs.open} == {*RatingSource, None}
        assert {each.round_id is None for each in needs.open} == {True, False}
        assert len(needs.lines) > len(needs.open)
        assert all(each.gap is not None for each in needs.lines)
        kinds = set(db.session.scalars(sa.select(Strength.kind)))
        assert kinds == {*StrengthKind, None}


def test_the_sample_has_matches_in_each_state_and_something_left_over_on_both_sides(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        assert set(db.session.scalars(sa.select(Match.state))) == set(MatchState)
        assert db.session.scalar(sa.select(sa.func.count(Action.match_id))) == 1
        board = explorer_pages.board_of(
            db.session.scalars(sa.select(Membership).where(Membership.name == "Maria Santos")).one()
        )
        waiting, none_found = explorer_pages.looked_on(board.unmatched)
        assert waiting
        assert none_found
        assert board.unused
        assert any(board.ideas_for(need) for need in waiting)


def test_the_directory_has_contacts_conversations_and_levels(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        found = list(db.session.scalars(sa.select(Organization)))
        assert len(found) == 20
        assert {each.level for each in found} == set(Level)
        today = clock.today("America/Chicago")
        old = [each.name for each in found if needs_a_look(each.verified_on or today, today)]
        assert sorted(old) == [
            "Riverbend School District",
            "Riverbend Service Club",
            "Three Rivers Farmworker Union",
        ]
        assert db.session.scalar(sa.select(sa.func.count(Contact.id))) == 22
        assert db.session.scalar(sa.select(sa.func.count(Conversation.id))) == 23


def test_the_demo_has_a_public_page_and_a_word_for_the_next_coordinator(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        maria = db.session.scalars(sa.select(Membership).where(Membership.name.startswith("Maria"))).one()
        row = public_queries.page_of(maria)
        assert row is not None
        token = public_service.token_of(row)
        assert handover_service.written(maria) is not None
    page = Page(app.test_client().get(f"/public/{token}"))
    assert page.status == 200
    assert len(page.all(".public-goal")) == 4
    assert len(page.all(".public-measure")) >= 4
    assert page.has("Grace Church")
    assert "too few to show" in page.text("#reports-public")


def test_the_demo_has_held_meetings_and_a_next_one(built: tuple[Flask, list[tuple[str, str, str]]]) -> None:
    app, _sign_ins = built
    with app.app_context():
        found = {
            each.title: each for each in db.session.scalars(sa.select(Meeting).order_by(Meeting.starts_at))
        }
        planning, coming = found["Planning session"], found["Quarterly meeting"]
        assert planning.closed_at is not None
        assert len(attended(planning).lines) > 10
        assert votes_of_meeting(db.session.scalars(sa.select(Membership)).first(), planning.id)
        today = clock.today("America/Chicago")
        assert coming.closed_at is None
        assert 9 <= (coming.starts_at.date() - today).days <= 11
        sources = {each.source for each in agenda_of(coming)}
        assert {Source.TEMPLATE, Source.CARRIED_OVER, Source.DECISION, Source.STUCK_ACTION} <= sources
        assert sum(each.minutes for each in agenda_of(coming)) == coming.minutes
        acted = {each.decision_id for each in db.session.scalars(sa.select(Action))} - {None}
        assert 0 < len(acted) < db.session.scalar(sa.select(sa.func.count(Decision.id)))
        due = sa.select(Decision.text).where(Decision.review_on <= today)
        assert len(db.session.scalars(due).all()) == 1


def test_recruitments_are_open_late_and_closed_and_a_sector_has_no_one_active(
    built: tuple[Flask, list[tuple[str, str, str]]],
) -> None:
    app, _sign_ins = built
    with app.app_context():
        maria = db.session.scalars(sa.select(Membership).where(Membership.name == "Maria Santos")).one()
        coverage = coverage_of(maria)
        opened, closed = (
            recruitments_service.open_recruitments(maria),
            recruitments_service.closed_recruitments(maria),
        )
    assert "labor" in coverage.missing
    assert 8 <= coverage.now.active < coverage.now.total and coverage.now.firm > 0
    assert len(coverage.over_time()) > 6
    assert sum(is_late(each.ask_by, each.closed_on, coverage.today) for each in opened) == 1
    assert {each.outcome for each in closed} == set(RecruitmentOutcome)
