"""A round on paper: the blank, entering a filled one, removing one, and what closing leaves of it."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from engage import clock
from engage.assessment.models import Answer, Paper, Response, Round, StoredRelease
from engage.assessment.paper import service as paper_service
from engage.assessment.questions import frozen
from engage.assessment.respondents import queries as respondents_queries
from engage.assessment.results.queries import released
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import DOES_NOT_APPLY, DONT_KNOW, AnswerKind, Asked, Said, keyed
from engage.assessment.rules import Answer as Given
from engage.coalitions.models import Coalition
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_closed_round, make_coalition, make_membership, make_response, make_round
from tests.html import Page

HERE = "/c/riverbend/assessment/"
KEYS = [each.key for each in content().indicators]
FIRST, SECOND, THIRD = KEYS[:3]


@pytest.fixture
def round_() -> Round:
    return make_round(closes_on=clock.today("America/Chicago") + timedelta(days=7))


def at(round_: Round, path: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/{path}"


def key(client: EngageClient, round_: Round, codes: dict[str, str], **fields: str) -> Page:
    answers = {f"{indicator}-answer": code for indicator, code in codes.items()}
    return client.send(at(round_, "key"), **{"number": "1", "sector": "health", **answers, **fields})


def answers() -> dict[str, tuple[AnswerKind, int | None, str]]:
    return {row.indicator: (row.kind, row.rating, row.note) for row in db.session.scalars(sa.select(Answer))}


@pytest.mark.parametrize(
    ("code", "answer"),
    [
        *((str(level), Given.rated(level)) for level in range(5)),
        ("d", DONT_KNOW),
        ("D", DONT_KNOW),
        ("n", DOES_NOT_APPLY),
        ("5", None),
        ("-1", None),
        ("00", None),
        ("٣", None),
        ("", None),
        ("dn", None),
    ],
)
def test_one_key_stands_for_one_answer(code: str, answer: Given | None) -> None:
    assert keyed(code) == answer


# -- the blank


def test_the_blank_holds_every_statement_with_its_levels_and_the_start_pages_promise(
    member: EngageClient, round_: Round
) -> None:
    page = member.page(at(round_, "paper"))
    assert len(page.all(".paper-area")) == len(content().areas)
    questions = page.all(".paper-question:not(.paper-efforts)")
    assert len(questions) == len(KEYS)
    for node, indicator in zip(questions, content().indicators, strict=True):
        text = " ".join(node.text(separator=" ").split())
        assert indicator.statement in text
        assert all(level in text for level in indicator.levels)
        assert len(node.css(".paper-box")) == 7
    assert page.text("#assessment-who-sees") in page.text(".paper-promise")
    assert page.text("#assessment-who-sees") == member.page(at(round_)).text("#assessment-who-sees")
    assert page.all(".paper-code svg")
    assert page.text(".paper-address").endswith(at(round_))


def test_the_blank_speaks_each_language_that_the_questions_have(member: EngageClient) -> None:
    questions = frozen(content(), "en").to_json()
    area = questions["areas"][0]
    spanish = {"name": "Prevención", "short": "Prevención", "asks": "¿Qué hace falta?"}
    questions["areas"] = [{**area, "texts": {"es": spanish}}, *questions["areas"][1:]]
    made = make_round(questions=questions)
    page = member.page(at(made, "paper"))
    assert page.texts(".pill") == ["English", "Spanish"]
    assert "Prevention" in page.texts(".paper-area h2")[0]
    page = member.page(at(made, "paper?lang=es"))
    assert page.texts(".paper-area h2")[0] == "1 Prevención"
    assert page.text(".pill[aria-current]") == "español"
    assert page.has("Marque una casilla") and page.one("html").attributes["lang"] == "es"
    assert "language" not in "".join(page.headers.getlist("Set-Cookie"))
    assert member.page(HERE).one("html").attributes["lang"] == "en"
    assert "1 Prevention" in member.page(at(made, "paper?lang=xx")).texts(".paper-area h2")
    assert not member.page(HERE).all(".pills")


def test_a_paper_asks_no_one_to_name_themselves_a_survivor(member: EngageClient, round_: Round) -> None:
    sectors = member.page(at(round_, "paper")).texts(".paper-sectors li")
    assert len(sectors) == len(content().sectors) - 1
    assert not any("urvivor" in name for name in sectors)


def test_a_member_may_print_and_not_key_and_a_viewer_neither(
    member: EngageClient, viewer: EngageClient, round_: Round
) -> None:
    assert member.get(at(round_, "paper")).status_code == 200
    assert member.get(at(round_, "key")).status_code == 403
    assert key(member, round_, {FIRST: "2"}).status == 403
    assert viewer.get(at(round_, "paper")).status_code == 403


def test_the_assessments_page_leads_to_the_blank_and_to_keying(
    coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    assert member.page(HERE).all(f"a[href='{at(round_, 'paper')}']")
    assert not member.page(HERE).all(f"a[href='{at(round_, 'key')}']")
    assert coordinator.page(HERE).all(f"a[href='{at(round_, 'key')}']")


def test_a_coordinator_whom_the_round_does_not_ask_prints_it_for_others(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_round(asked=Asked.INVITED)
    assert coordinator.page(HERE).all(f"a[href='{at(round_, 'paper')}']")
    assert coordinator.page(at(round_, "paper")).all(".paper-area")
    assert not member.page(HERE).all(f"a[href='{at(round_, 'paper')}']")


def test_the_blank_says_whom_to_call_with_the_coalitions_own_line(member: EngageClient) -> None:
    round_ = make_round()
    assert "Advocacy Line" not in member.page(at(round_, "paper")).text(".paper-promise")
    coalition = db.session.get_one(Coalition, round_.coalition_id)
    coalition.help_name, coalition.help_number = "Advocacy Line", "555-0142"
    db.session.commit()
    assert "Advocacy Line: 555-0142." in member.page(at(round_, "paper")).text(".paper-promise")


# -- keying


def test_a_keyed_paper_counts_as_submitted_and_says_who_keyed_it(
    coordinator: EngageClient, round_: Round
) -> None:
    note = {f"{FIRST}-note": "Two schools said so."}
    page = key(coordinator, round_, {FIRST: "3", SECOND: "d", THIRD: "N"}, **note)
    assert (page.status, page.location) == (303, at(round_, "key"))
    response = db.session.scalars(sa.select(Response)).one()
    assert (response.respondent_id, response.sector, response.submitted, response.started_at) == (
        None,
        "health",
        True,
        None,
    )
    assert answers() == {
        FIRST: (AnswerKind.RATING, 3, "Two schools said so."),
        SECOND: (AnswerKind.DONT_KNOW, None, ""),
        THIRD: (AnswerKind.DOES_NOT_APPLY, None, ""),
    }
    paper = db.session.scalars(sa.select(Paper)).one()
    assert (paper.number, paper.keyed_by_id) == (1, coordinator.membership.id)


def test_after_saving_the_grid_is_empty_and_ready_for_the_next_sheet(
    coordinator: EngageClient, round_: Round
) -> None:
    key(coordinator, round_, {FIRST: "3", SECOND: "d"})
    page = coordinator.page(at(round_, "key"))
    assert (
        page.text(".flash")
        == f"Paper response 1 is saved: 2 of {len(KEYS)} answered. {len(KEYS) - 2} were left empty."
    )
    assert page.value("number") == "2"
    assert page.value("sector") == ""
    assert "autofocus" in page.one("select[name=sector]").attributes
    assert [node.attributes.get("value") for node in page.all(".key-code")] == [""] * len(KEYS)


def test_enter_amid_the_grid_saves_no_half_of_a_sheet(coordinator: EngageClient, round_: Round) -> None:
    """A browser presses a form's first button on Enter; this one does nothing. Only Save saves."""
    first, *others = coordinator.page(at(round_, "key")).all("#assessment-key button[type=submit]")
    assert "disabled" in first.attributes
    assert [node.text().strip() for node in others] == ["Save this paper response"]


def test_the_list_of_papers_shows_nothing_of_what_they_say(coordinator: EngageClient, round_: Round) -> None:
    key(coordinator, round_, {FIRST: "3"}, **{f"{FIRST}-note": "Two schools said so."}, number="7")
    panel = coordinator.page(at(round_, "key")).text("#assessment-papers")
    assert "Paper 7 entered by Maria Santos" in panel
    assert "Health" not in panel
    assert "Two schools" not in coordinator.page(at(round_, "key")).html


def test_every_wrong_key_is_named_beside_its_field_and_nothing_is_lost(
    coordinator: EngageClient, round_: Round
) -> None:
    page = key(coordinator, round_, {FIRST: "3", SECOND: "7", THIRD: "x"}, sector="")
    assert page.status == 422
    assert page.errors == [
        "Choose the sector checked on the sheet.",
        "1.2: press 0 to 4, d or n, or leave it empty.",
        "1.3: press 0 to 4, d or n, or leave it empty.",
    ]
    summary = page.texts(".error-summary a")
    assert len(summary) == 3
    assert (page.value(f"{FIRST}-answer"), page.value(f"{SECOND}-answer")) == ("3", "7")
    assert "autofocus" not in page.one("select[name=sector]").attributes
    assert db.session.scalars(sa.select(Response)).all() == []


def test_an_empty_sheet_is_not_saved(coordinator: EngageClient, round_: Round) -> None:
    page = key(coordinator, round_, {})
    assert page.status == 422
    assert "Nothing is entered yet." in page.text(".error-summary")
    assert db.session.scalars(sa.select(Response)).all() == []


def test_a_note_needs_its_answer_and_personal_details_are_asked_about(
    coordinator: EngageClient, round_: Round
) -> None:
    page = key(coordinator, round_, {SECOND: "1"}, **{f"{FIRST}-note": "They said so."})
    assert page.errors == ["1.1: a note needs an answer. Enter the answer too."]
    assert "open" in page.one("details.more").attributes
    note = {f"{FIRST}-note": "Call Ann at 555-123-4567."}
    page = key(coordinator, round_, {FIRST: "1"}, **note)
    assert page.status == 422
    assert "a phone number" in page.text(".finding")
    accept = page.one(".finding input").attributes
    assert accept["name"] == f"{FIRST}-note-accepted"
    again = key(coordinator, round_, {FIRST: "1"}, **note, **{accept["name"]: accept["value"] or ""})
    assert again.status == 303


def test_one_sheet_is_not_keyed_twice(coordinator: EngageClient, round_: Round) -> None:
    assert key(coordinator, round_, {FIRST: "3"}).status == 303
    page = key(coordinator, round_, {FIRST: "2", SECOND: "4"})
    assert page.status == 422
    assert page.errors == ["Paper 1 is already entered. If this is another sheet, number it 2."]
    assert page.value(f"{SECOND}-answer") == "4"
    assert len(db.session.scalars(sa.select(Response)).all()) == 1
    assert answers()[FIRST] == (AnswerKind.RATING, 3, "")


def test_a_sector_that_is_not_offered_is_refused(coordinator: EngageClient, round_: Round) -> None:
    for sector in ("survivor_led", "unheard-of"):
        assert key(coordinator, round_, {FIRST: "3"}, sector=sector).status == 422


# -- taking one out


def test_a_wrong_paper_is_taken_out_with_its_answers(coordinator: EngageClient, round_: Round) -> None:
    key(coordinator, round_, {FIRST: "3"})
    key(coordinator, round_, {FIRST: "1"}, number="2")
    page = coordinator.page(at(round_, "papers/1/take-out"))
    assert page.text("h1") == "Remove paper response 1?"
    page = coordinator.send(at(round_, "papers/1/take-out"))
    assert (page.status, page.location) == (303, at(round_, "key"))
    assert answers() == {FIRST: (AnswerKind.RATING, 1, "")}
    assert [row.number for row in paper_service.papers_of(round_)] == [2]
    assert db.session.scalars(sa.select(HistoryEntry.field)).all() == ["paper"]
    assert coordinator.send(at(round_, "papers/1/take-out")).status == 404
    assert key(coordinator, round_, {FIRST: "2"}, number="1").status == 303


def test_only_who_runs_rounds_takes_papers_out(
    coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    key(coordinator, round_, {FIRST: "3"})
    assert member.get(at(round_, "papers/1/take-out")).status_code == 403
    assert member.send(at(round_, "papers/1/take-out")).status == 403
    assert len(answers()) == 1


# -- counts and closing


def test_counts_tell_online_and_paper_apart_while_the_round_is_open(
    coordinator: EngageClient, round_: Round
) -> None:
    make_response(round_, coordinator.membership, {FIRST: 2})
    for number in range(1, 5):
        key(coordinator, round_, {FIRST: "3"}, number=str(number))
    counts = respondents_queries.turn_out(round_)
    assert (counts.started, counts.finished, counts.on_paper) == (1, 1, 4)
    for path in ("", f"rounds/{round_.id}/close"):
        assert "4 more answered on paper." in coordinator.page(HERE + path).text("#assessment-turn-out")
    # One member and four on paper count, so that closing shows something.
    assert "Too few" not in coordinator.page(at(round_, "close")).text("#assessment-closing")


def test_closing_counts_papers_alike_and_forgets_which_they_were(
    coordinator: EngageClient, round_: Round
) -> None:
    for number in range(1, 5):
        key(coordinator, round_, {FIRST: "3"}, number=str(number))
    make_response(round_, coordinator.membership, {FIRST: 1}, sector="health")
    before = set(db.session.scalars(sa.select(Response.id)))
    rounds_service.close_round(coordinator.membership, db.session.get_one(Round, round_.id))
    db.session.commit()
    assert db.session.scalars(sa.select(Paper)).all() == []
    kept = db.session.scalars(sa.select(Response)).all()
    alike = {(row.respondent_id, row.started_at, row.submitted, row.sector) for row in kept}
    assert (len(kept), alike) == (5, {(None, None, True, "health")})
    assert before.isdisjoint(row.id for row in kept) or db.engine.dialect.name == "sqlite"
    assert set(db.session.scalars(sa.select(Answer.answered_at))) == {None}
    stored = db.session.scalars(sa.select(StoredRelease)).one()
    assert stored.respondents == 5
    assert stored.results["areas"][0]["indicators"][0]["all"] == [3.0, 5]


def test_a_closed_round_takes_no_paper_and_what_was_keyed_stays_on_the_screen(
    coordinator: EngageClient, round_: Round
) -> None:
    rounds_service.close_round(coordinator.membership, db.session.get_one(Round, round_.id))
    db.session.commit()
    assert coordinator.get(at(round_, "key")).headers["Location"] == at(round_, "results/")
    assert coordinator.get(at(round_, "paper")).headers["Location"] == at(round_, "results/")
    page = key(coordinator, round_, {FIRST: "3"}, **{f"{FIRST}-note": "Two schools said so."})
    assert page.status == 409
    assert page.has("This round is closed. It no longer accepts answers.")
    assert "Two schools said so." in page.html
    assert coordinator.send(at(round_, "papers/1/take-out")).status == 409


def test_a_round_that_is_open_again_takes_papers_beside_the_earlier_answers(
    coordinator: EngageClient,
) -> None:
    made = make_closed_round([("health", {FIRST: 1})] * 3)
    rounds_service.reopen_round(coordinator.membership, made, "Two sheets came late.", None)
    db.session.commit()
    assert coordinator.get(at(made, "paper")).status_code == 200
    for number in range(1, 11):
        assert key(coordinator, made, {FIRST: "4"}, number=str(number)).status == 303
    assert respondents_queries.turn_out(made).on_paper == 10
    assert coordinator.send(at(made, "papers/2/take-out")).status == 303
    assert key(coordinator, made, {FIRST: "4"}, number="2").status == 303
    rounds_service.close_round(coordinator.membership, db.session.get_one(Round, made.id))
    db.session.commit()
    assert db.session.scalars(sa.select(Paper)).all() == []
    assert len(db.session.scalars(sa.select(Response)).all()) == 13
    newest = sa.select(StoredRelease.respondents).order_by(StoredRelease.number.desc()).limit(1)
    assert db.session.scalar(newest) == 13


def test_another_coalitions_round_does_not_exist(coordinator: EngageClient) -> None:
    theirs = make_round(coalition=make_coalition(slug="elsewhere"))
    for path in ("paper", "key", "papers/1/take-out"):
        assert coordinator.get(at(theirs, path)).status_code == 404
    assert key(coordinator, theirs, {FIRST: "2"}).status == 404


def test_a_keyed_papers_notes_are_shown_to_no_one_before_the_round_closes(
    coordinator: EngageClient, round_: Round
) -> None:
    """Also in a round that is open again, whose earlier notes are shown."""
    key(coordinator, round_, {FIRST: "3"}, **{f"{FIRST}-note": "Two schools said so."})
    assert released.notes_of(round_, [FIRST]) == {}


def test_the_grid_asks_the_database_the_same_however_many_papers_there_are(
    coordinator: EngageClient, round_: Round
) -> None:
    def statements() -> int:
        with counted_queries() as found:
            coordinator.page(at(round_, "key"))
        return len(found)

    few = statements()
    person = make_membership()
    for number in range(1, 30):
        paper_service.key_paper(person, round_, number, "health", "en", {FIRST: Said(DONT_KNOW)})
    db.session.commit()
    assert statements() == few
