"""Answering an open round over HTTP: start, one question or one area a page, check, submit."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.assessment import service as assessment_service
from engage.assessment.answering import service as answering_service
from engage.assessment.models import Answer, Response, Round
from engage.assessment.questions import QuestionSet, frozen
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import AnswerKind
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_affiliation,
    make_coalition,
    make_membership,
    make_organization,
    make_response,
    make_round,
    signed_in_client,
)
from tests.html import Page

HERE = "/c/riverbend/assessment/"
FIRST, SECOND = (each.key for each in content().indicators[:2])
AREA = content().areas[0]
IN_AREA = [each.key for each in content().indicators_in(AREA.key)]


@pytest.fixture
def round_() -> Round:
    return make_round(closes_on=clock.today("America/Chicago") + timedelta(days=7))


def at(round_: Round, path: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/{path}"


def started(round_: Round, membership: Membership, **answers: object) -> Response:
    return make_response(round_, membership, answers, submitted=False)


def saved_answers() -> dict[str, tuple[AnswerKind, int | None, str]]:
    return {row.indicator: (row.kind, row.rating, row.note) for row in db.session.scalars(sa.select(Answer))}


# -- starting


def test_the_start_page_says_who_will_see_what_and_names_the_sector(
    member: EngageClient, round_: Round
) -> None:
    make_affiliation(member.membership, make_organization(sector="health"))
    page = member.page(at(round_))
    for promise in (
        "No page shows one person's answers.",
        "Your answers are linked to you",
        "The link to you and the times of your answers are erased. Only your sector stays with them, and whether",
        "A group of fewer than 3 people is never shown by itself.",
        "The person who runs the server could read answers until the round closes.",
        "If all the other people in your group compare their answers, they can figure out yours.",
    ):
        assert promise in page.text("#assessment-before"), promise
    assert "Health care and public health" in page.text("#assessment-before")


def test_the_notice_is_four_lines_with_the_rest_folded_and_start_right_below(
    member: EngageClient, round_: Round
) -> None:
    make_affiliation(member.membership, make_organization(sector="health"))
    page = member.page(at(round_))
    assert page.texts("#assessment-before > .who-sees > li")[-1].startswith("This promise has limits:")
    assert len(page.all("#assessment-before > .who-sees > li")) == 4
    fold = page.one("#assessment-before > details")
    assert "open" not in fold.attributes
    assert fold.css_first("#assessment-who-sees")
    assert page.text("#assessment-before > form button") == "Start answering"


def test_which_level_to_choose_is_said_beside_every_question_and_on_paper(
    member: EngageClient, round_: Round
) -> None:
    make_affiliation(member.membership)
    member.send(at(round_, "start"))
    rule = "Choose the highest level where every sentence is true."
    assert member.page(at(round_, f"questions/{FIRST}")).has(rule)
    assert member.page(at(round_, f"areas/{content().areas[0].key}")).has(rule)
    assert member.page(at(round_, "paper")).has("the highest level where every sentence is true today")


def test_a_bar_counts_the_answers_to_all_questions(member: EngageClient, round_: Round) -> None:
    make_affiliation(member.membership)
    member.send(at(round_, "start"))
    total = len(content().indicators)
    first = at(round_, f"questions/{FIRST}")
    assert member.page(first).text("#assessment-progress") == f"0 0 of {total} answered"
    member.send(first, answer="2")
    page = member.page(first)
    assert page.text("#assessment-progress p") == f"1 of {total} answered"
    bar = page.one("#assessment-progress progress").attributes
    assert (bar["value"], bar["max"]) == ("1", str(total))


def test_the_note_is_folded_until_it_holds_something(member: EngageClient, round_: Round) -> None:
    make_affiliation(member.membership)
    member.send(at(round_, "start"))
    first = at(round_, f"questions/{FIRST}")
    assert "open" not in member.page(first).one(".wizard-note").attributes
    member.send(first, answer="2", note="Two beds, both full.")
    assert "open" in member.page(first).one(".wizard-note").attributes


def test_starting_leads_to_the_first_question(member: EngageClient, round_: Round) -> None:
    make_affiliation(member.membership)
    page = member.send(at(round_, "start"))
    assert (page.status, page.location) == (303, at(round_, f"questions/{FIRST}"))
    response = db.session.scalars(sa.select(Response)).one()
    assert (response.respondent_id, response.sector, response.submitted) == (
        member.membership.id,
        "residents",
        False,
    )
    assert member.send(at(round_, "start")).status == 303
    assert len(db.session.scalars(sa.select(Response)).all()) == 1


def test_a_person_without_a_sector_picks_one_first(member: EngageClient, round_: Round) -> None:
    page = member.page(at(round_))
    assert page.one("a.btn-primary").attributes["href"] == "/c/riverbend/people/me"
    assert not page.all("form[action$='start']")
    assert member.send(at(round_, "start")).status == 409
    assert db.session.scalars(sa.select(Response)).all() == []


def test_questions_lead_to_the_start_page_until_one_has_started(member: EngageClient, round_: Round) -> None:
    for path in (f"questions/{FIRST}", f"areas/{AREA.key}", f"areas/{AREA.key}/check", "submitted"):
        assert member.get(at(round_, path)).headers["Location"] == at(round_)
    page = member.send(at(round_, f"questions/{FIRST}"), answer="2", note="")
    assert page.status == 409
    assert saved_answers() == {}


def test_a_viewer_does_not_answer(viewer: EngageClient, round_: Round) -> None:
    make_affiliation(viewer.membership)
    assert viewer.get(at(round_)).status_code == 403
    for path in ("start", "submit", f"questions/{FIRST}", f"areas/{AREA.key}"):
        assert viewer.send(at(round_, path), answer="2").status == 403
    assert not viewer.page(HERE).all("a.btn-primary")
    assert db.session.scalars(sa.select(Response)).all() == []


# -- one question a page


def test_a_question_shows_its_statement_as_heading_its_reason_and_seven_answers(
    member: EngageClient, round_: Round
) -> None:
    started(round_, member.membership)
    page = member.page(at(round_, f"questions/{FIRST}"))
    indicator = content().indicator(FIRST)
    assert page.text("legend h1") == indicator.statement
    assert page.text("#answer-hint") == indicator.why
    assert page.texts(".crumbs li") == [round_.title, AREA.name, f"1 of {len(IN_AREA)}"]
    rows = page.texts(".option-row")
    assert rows[0] == f"0 Absent. {indicator.levels[0]}"
    assert rows[5:] == ["I don't know", "Does not apply here"]
    assert page.has("No names or details of people you serve.")


@pytest.mark.parametrize(
    ("code", "kind", "rating"),
    [
        ("0", AnswerKind.RATING, 0),
        ("4", AnswerKind.RATING, 4),
        ("dont_know", AnswerKind.DONT_KNOW, None),
        ("does_not_apply", AnswerKind.DOES_NOT_APPLY, None),
    ],
)
def test_continue_saves_the_answer_and_leads_to_the_next_question(
    member: EngageClient, round_: Round, code: str, kind: AnswerKind, rating: int | None
) -> None:
    started(round_, member.membership)
    page = member.send(at(round_, f"questions/{FIRST}"), answer=code, note="We asked around.")
    assert (page.status, page.location) == (303, at(round_, f"questions/{SECOND}"))
    assert saved_answers() == {FIRST: (kind, rating, "We asked around.")}
    page = member.page(at(round_, f"questions/{FIRST}"))
    assert page.one("input[name=answer][checked]").attributes["value"] == code
    assert page.value("note") == "We asked around."
    assert page.text("#form-saved") == "✓ Saved. You can leave and come back."


def test_choosing_a_level_saves_at_once_with_htmx(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    page = member.send(at(round_, f"questions/{FIRST}"), htmx=True, answer="3", note="")
    assert page.status == 200
    assert page.text("#form-saved") == "✓ Saved. You can leave and come back."
    # The line beside Continue stays in view, so that the word is only heard; a page with a whole area shows it.
    assert page.texts("#status > .visually-hidden") == ["Saved"]
    assert saved_answers() == {FIRST: (AnswerKind.RATING, 3, "")}


def test_the_last_question_of_an_area_leads_to_the_check(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    page = member.send(at(round_, f"questions/{IN_AREA[-1]}"), answer="1", note="")
    assert page.location == at(round_, f"areas/{AREA.key}/check")


def test_continue_passes_over_what_is_answered(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership, **{IN_AREA[1]: 2})
    page = member.send(at(round_, f"questions/{IN_AREA[0]}"), answer="1", note="")
    assert page.location == at(round_, f"questions/{IN_AREA[2]}")


def test_skipping_leads_to_the_next_question_without_an_answer(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    page = member.page(at(round_, f"questions/{FIRST}"))
    skip = next(node for node in page.all("a") if node.text(strip=True) == "Skip this question")
    assert skip.attributes["href"] == at(round_, f"questions/{SECOND}")


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"note": "Only a note"}, "Choose one of the answers."),
        ({"answer": "5"}, "Not a valid choice"),
        ({"answer": "-1"}, "Not a valid choice"),
        ({"answer": "2\x00"}, "Not a valid choice"),
        ({"answer": "2", "note": "x" * 300_000}, "This is too long"),
        ({"answer": "2", "note": "bad \x00 byte"}, "This contains characters that cannot be seen"),
    ],
)
def test_a_refused_answer_says_why_and_keeps_the_text(
    member: EngageClient, round_: Round, fields: dict[str, str], message: str
) -> None:
    started(round_, member.membership)
    page = member.send(at(round_, f"questions/{FIRST}"), **fields)
    assert page.status == 422
    assert any(error.startswith(message) for error in page.errors), page.errors
    assert page.value("note").replace("\ufffd", "\x00") == fields.get("note", "")
    assert saved_answers() == {}


def test_htmx_exchanges_the_question_for_the_next_page_or_for_the_refused_one(
    member: EngageClient, round_: Round
) -> None:
    """Continue is boosted: the answers are the ordinary pages, and a refused one adds no step to Back."""
    started(round_, member.membership)
    boosted = {"HX-Request": "true", "HX-Boosted": "true"}
    fields = {"csrf_token": member.csrf_token()}
    refused = member.post(at(round_, f"questions/{FIRST}"), data=fields, headers=boosted)
    assert (refused.status_code, refused.headers["HX-Push-Url"]) == (422, "false")
    assert Page(refused).errors == ["Choose one of the answers. “I don't know” is one of them."]
    following = member.post(at(round_, f"questions/{FIRST}"), data={**fields, "answer": "1"}, headers=boosted)
    assert (following.status_code, following.location) == (303, at(round_, f"questions/{SECOND}"))
    page = Page(member.get(following.location, headers=boosted))
    assert page.text("title").startswith(content().indicators[1].title)
    assert "HX-Push-Url" not in following.headers


def test_a_note_with_a_phone_number_is_asked_about_and_saved_once_accepted(
    member: EngageClient, round_: Round
) -> None:
    started(round_, member.membership)
    note = "Ask at 555-201-3344"
    page = member.send(at(round_, f"questions/{FIRST}"), answer="2", note=note)
    assert page.status == 422
    assert "a phone number" in page.text(".finding")
    under_htmx = member.send(at(round_, f"questions/{FIRST}"), htmx=True, answer="2", note=note)
    assert under_htmx.status == 422
    assert under_htmx.text("#status").startswith("Not saved yet. Your note may contain personal")
    assert under_htmx.text("#form-saved") == ""
    accept = page.one(".finding input").attributes
    fields = {"answer": "2", "note": note, str(accept["name"]): accept["value"]}
    assert member.send(at(round_, f"questions/{FIRST}"), **fields).status == 303
    assert saved_answers() == {FIRST: (AnswerKind.RATING, 2, note)}


def test_an_unknown_question_or_area_does_not_exist(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    for path in ("questions/nothing", "areas/nothing", "areas/nothing/check"):
        assert member.get(at(round_, path)).status_code == 404
    for path in ("questions/nothing", "areas/nothing"):
        assert member.send(at(round_, path), answer="2").status == 404


def test_in_two_tabs_the_last_answer_wins(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    member.send(at(round_, f"questions/{FIRST}"), answer="2", note="First tab")
    assert member.send(at(round_, f"questions/{FIRST}"), answer="dont_know", note="Second tab").status == 303
    assert saved_answers() == {FIRST: (AnswerKind.DONT_KNOW, None, "Second tab")}


def test_saving_one_answer_takes_few_queries(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership, **dict.fromkeys(IN_AREA[1:], 2))
    with counted_queries() as statements:
        member.send(at(round_, f"questions/{FIRST}"), htmx=True, answer="2", note="")
    # Session and person, memberships, round, still open, own response, the answer.
    assert len(statements) <= 7, statements


# -- a whole area on one page


def test_an_area_of_one_question_has_no_page_of_all_its_questions(
    member: EngageClient, round_: Round
) -> None:
    round_.questions = frozen(content(), "en").without(IN_AREA[1:]).to_json()
    db.session.commit()
    started(round_, member.membership)
    ways = member.page(at(round_)).texts(".area-ways a")
    assert not [way for way in ways if way.startswith("All 1 ")]
    assert f"Check your answers : {AREA.name}" in ways and len(ways) == 2 * len(content().areas) - 1


def test_an_area_on_one_page_saves_what_was_answered(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership, **{IN_AREA[2]: 4})
    page = member.page(at(round_, f"areas/{AREA.key}"))
    assert len(page.all("fieldset")) == len(IN_AREA)
    fields = {f"{IN_AREA[0]}-answer": "1", f"{IN_AREA[0]}-note": "Why", f"{IN_AREA[1]}-answer": "dont_know"}
    page = member.send(at(round_, f"areas/{AREA.key}"), **fields)
    assert (page.status, page.location) == (303, at(round_, f"areas/{AREA.key}/check"))
    assert saved_answers() == {
        IN_AREA[0]: (AnswerKind.RATING, 1, "Why"),
        IN_AREA[1]: (AnswerKind.DONT_KNOW, None, ""),
        IN_AREA[2]: (AnswerKind.RATING, 4, ""),
    }


def test_an_area_saves_at_every_choice_with_htmx(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    page = member.send(at(round_, f"areas/{AREA.key}"), htmx=True, **{f"{FIRST}-answer": "1"})
    assert (page.status, page.text("#status")) == (200, "Saved")
    assert not page.all("#status > .visually-hidden")
    assert saved_answers() == {FIRST: (AnswerKind.RATING, 1, "")}


def test_a_refused_area_names_the_question_and_keeps_everything(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    fields = {f"{IN_AREA[0]}-answer": "1", f"{IN_AREA[1]}-note": "A note without an answer"}
    page = member.send(at(round_, f"areas/{AREA.key}"), **fields)
    assert page.status == 422
    assert page.one(".error-summary a").attributes["href"] == f"#{IN_AREA[1]}-answer-0"
    assert page.value(f"{IN_AREA[1]}-note") == "A note without an answer"
    assert page.one(f"input[name='{IN_AREA[0]}-answer'][checked]").attributes["value"] == "1"
    assert saved_answers() == {}
    assert member.send(at(round_, f"areas/{AREA.key}"), htmx=True, **fields).status == 422


def test_an_area_is_saved_in_as_many_queries_as_one_answer(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    with counted_queries() as statements:
        member.send(at(round_, f"areas/{AREA.key}"), htmx=True, **{f"{key}-answer": "2" for key in IN_AREA})
    assert len(statements) <= 7, statements
    assert set(saved_answers()) == set(IN_AREA)


# -- coming back, checking, submitting


def test_the_task_list_says_in_words_how_far_one_is(member: EngageClient, round_: Round) -> None:
    areas = content().areas
    second = [each.key for each in content().indicators_in(areas[1].key)]
    started(round_, member.membership, **{**dict.fromkeys(IN_AREA, 2), second[0]: 1, second[1]: "dont_know"})
    page = member.page(at(round_))
    tags = page.texts("#assessment-areas .tag")
    assert tags[:3] == ["All answered", f"2 of {len(second)} answered", "Not started"]
    button = page.one("a.btn-primary")
    assert button.text(strip=True) == "Continue where you left off"
    assert button.attributes["href"] == at(round_, f"questions/{second[2]}")


def test_one_checks_the_answers_of_an_area_and_changes_one(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership, **{FIRST: (3, "Seen it"), SECOND: "does_not_apply"})
    page = member.page(at(round_, f"areas/{AREA.key}/check"))
    assert page.texts(".check-row dd:nth-child(2)")[:3] == [
        "3 Established Seen it",
        "Does not apply here",
        "Not answered yet",
    ]
    change = page.all(".check-change a")[0].attributes["href"]
    assert change == at(round_, f"questions/{FIRST}?back=check")
    action = member.page(str(change)).one("form.wizard").attributes["action"]
    assert member.send(str(action), answer="1", note="").location == at(round_, f"areas/{AREA.key}/check")


def test_submitting_says_what_happens_next_and_answers_can_still_be_changed(
    member: EngageClient, round_: Round
) -> None:
    make_affiliation(member.membership, make_organization(sector="schools"))
    started(round_, member.membership, **{FIRST: 2})
    page = member.send(at(round_, "submit"))
    assert (page.status, page.location) == (303, at(round_, "submitted"))
    assert "no one can tell which answers were yours" in member.page(at(round_, "submitted")).text()
    response = db.session.scalars(sa.select(Response)).one()
    assert (response.submitted, response.sector) == (True, "schools")
    assert member.send(at(round_, f"questions/{FIRST}"), answer="4", note="").status == 303
    assert saved_answers()[FIRST] == (AnswerKind.RATING, 4, "")
    assert "You have submitted 1 of 43 answers." in member.page(at(round_)).text("#assessment-progress")


EVERYTHING: dict[str, object] = {each.key: 2 for each in content().indicators}


def test_when_all_is_answered_submitting_is_the_first_card(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership, **EVERYTHING)
    page = member.page(at(round_))
    assert page.all("main section")[0].attributes["id"] == "assessment-submit"
    assert page.texts("main .btn-primary") == ["Submit my answers"]
    assert "You have answered all 43 questions. They are saved, not yet submitted." in page.text(
        "#assessment-progress"
    )
    assert "count even if you forget to press Submit" in page.text("#assessment-submit")
    assert "are deleted" not in page.text("#assessment-submit")
    listed = member.page(HERE)
    assert listed.text("#assessment-open .btn-primary") == "Submit my answers"


def test_beside_submit_stands_what_happens_to_half_an_answer_that_is_not_submitted(
    member: EngageClient, round_: Round
) -> None:
    started(round_, member.membership, **{FIRST: 2})
    day = clock.today("America/Chicago") + timedelta(days=7)
    text = member.page(at(round_)).text("#assessment-submit")
    assert "your answers are deleted when a coordinator closes the round" in text
    assert f"The last day to answer is {day:%B} {day.day}, {day.year}." in text
    round_.closes_on = None
    db.session.commit()
    text = member.page(at(round_)).text("#assessment-submit")
    assert "your answers are deleted when a coordinator closes the round." in text
    round_.closes_on = clock.today("America/Chicago") - timedelta(days=1)
    db.session.commit()
    assert "which may be any day now" in member.page(at(round_)).text("#assessment-submit")


def test_in_a_round_from_before_the_rule_the_last_press_is_needed(member: EngageClient) -> None:
    round_ = make_round(counts_answered=False)
    started(round_, member.membership, **EVERYTHING)
    page = member.page(at(round_))
    assert "only what you submit counts" in page.text("#assessment-submit")
    assert "your answers are deleted" in page.text("#assessment-submit")
    assert not page.all("#assessment-take-back")


def test_the_check_says_whether_what_is_saved_is_submitted(member: EngageClient, round_: Round) -> None:
    response = started(round_, member.membership, **{FIRST: 3})
    path = at(round_, f"areas/{AREA.key}/check")
    assert member.page(path).text(".lead").endswith("Everything here is saved, not yet submitted.")
    response.submitted = True
    db.session.commit()
    assert member.page(path).text(".lead").endswith("Everything here is saved and submitted.")


@pytest.mark.parametrize("submitted", [True, False])
def test_answers_that_count_can_be_taken_back_and_submitted_again(
    member: EngageClient, round_: Round, submitted: bool
) -> None:
    make_response(round_, member.membership, EVERYTHING, submitted=submitted)
    page = member.page(at(round_))
    action = str(page.one("#assessment-take-back form").attributes["action"])
    assert member.send(action).location == at(round_)
    page = member.page(at(round_))
    assert page.has("Your answers are withdrawn and do not count.")
    assert "They count only if you submit them again" in page.text("#assessment-submit")
    assert not page.all("#assessment-take-back")
    response = db.session.scalars(sa.select(Response)).one()
    assert (response.submitted, response.taken_back) == (False, True)
    assert len(saved_answers()) == 43
    member.send(at(round_, "submit"))
    db.session.refresh(response)
    assert (response.submitted, response.taken_back) == (True, False)


def test_after_closing_nothing_can_be_taken_back(member: EngageClient, round_: Round) -> None:
    make_response(round_, member.membership, EVERYTHING)
    rounds_service.close_round(make_membership(role=Role.COORDINATOR), round_)
    db.session.commit()
    assert member.send(at(round_, "take-back")).status == 409
    assert db.session.scalars(sa.select(Response)).one().submitted


def test_submitting_nothing_is_refused(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    page = member.send(at(round_, "submit"))
    assert page.status == 409
    assert page.has("Answer at least one question before you submit.")
    assert not db.session.scalars(sa.select(Response)).one().submitted


def test_after_its_last_day_a_round_takes_answers_until_it_is_closed(member: EngageClient) -> None:
    round_ = make_round(closes_on=clock.today("America/Chicago") - timedelta(days=3))
    started(round_, member.membership)
    assert member.page(at(round_)).has("answers are still accepted until a coordinator closes the round")
    assert member.send(at(round_, f"questions/{FIRST}"), answer="2", note="").status == 303


@pytest.mark.parametrize(
    ("path", "fields"),
    [
        (f"questions/{FIRST}", {"answer": "2", "note": "The jail has a new intake form"}),
        (f"areas/{AREA.key}", {f"{FIRST}-answer": "2", f"{FIRST}-note": "The jail has a new intake form"}),
    ],
)
def test_a_closed_round_refuses_answers_and_keeps_the_text_on_screen(
    member: EngageClient, coordinator: EngageClient, round_: Round, path: str, fields: dict[str, str]
) -> None:
    started(round_, member.membership)
    coordinator.send(at(round_, "close"))
    page = member.send(at(round_, path), **fields)
    assert page.status == 409
    assert "The jail has a new intake form" in page.text("#assessment-kept")
    assert "Partial." in page.text("#assessment-kept")
    assert saved_answers() == {}
    under_htmx = member.send(at(round_, path), htmx=True, **fields)
    assert (under_htmx.status, under_htmx.headers["HX-Retarget"]) == (409, "#status")
    assert member.send(at(round_, "submit")).status == 409
    assert member.send(at(round_, "start")).status == 409
    assert member.get(at(round_)).headers["Location"] == at(round_, "results/")


# -- no one else's answers


def test_no_one_reads_or_writes_another_persons_answers(
    member: EngageClient,
    coordinator: EngageClient,
    client_of: Callable[[Membership], EngageClient],
    round_: Round,
) -> None:
    secret = "Only I wrote this"
    response = started(round_, member.membership, **dict.fromkeys(IN_AREA, (4, secret)))
    other = client_of(make_membership())
    for person in (coordinator, other):
        make_affiliation(person.membership)
        person.send(at(round_, "start"))
        for path in (
            "",
            f"questions/{FIRST}",
            f"areas/{AREA.key}",
            f"areas/{AREA.key}/check",
            f"questions/{FIRST}?response_id={response.id}&respondent_id={member.membership.id}",
        ):
            assert secret not in person.get(at(round_, path)).get_data(as_text=True)
        stolen = {"response_id": str(response.id), "respondent_id": str(member.membership.id), "answer": "0"}
        person.send(at(round_, f"questions/{FIRST}"), note="", **stolen)
        person.send(at(round_, "submit"), **stolen)
        assert person.get(at(round_, "results/")).status_code == 404
        assert secret not in person.get(HERE).get_data(as_text=True)
    rows = db.session.scalars(sa.select(Answer).where(Answer.response_id == response.id))
    assert {(row.rating, row.note) for row in rows} == {(4, secret)}
    assert not db.session.get_one(Response, response.id).submitted


def test_strangers_find_nothing(client_of: Callable[[Membership], EngageClient], round_: Round) -> None:

    stranger = client_of(make_membership(coalition=make_coalition()))
    for path in ("", f"questions/{FIRST}", f"areas/{AREA.key}", f"areas/{AREA.key}/check", "results/"):
        assert stranger.get(at(round_, path)).status_code == 404
    assert stranger.send(at(round_, f"questions/{FIRST}"), answer="2").status == 404


def test_an_answer_does_not_slip_in_behind_the_closing(member: EngageClient, round_: Round) -> None:
    started(round_, member.membership)
    rounds_service.close_round(member.membership, round_)
    db.session.commit()
    with pytest.raises(assessment_service.RoundIsClosed):
        answering_service.save_answers(member.membership, round_, {})


def test_two_tabs_saving_at_the_same_moment_both_succeed(app: Flask, round_: Round) -> None:
    person = make_membership()
    make_affiliation(person)
    tabs = [signed_in_client(app, person) for _ in range(2)]
    db.session.commit()

    def click(number: int) -> list[int]:
        with app.app_context():
            start = tabs[number].send(at(round_, "start"))
            save = [
                tabs[number].send(at(round_, f"questions/{FIRST}"), answer=str(level), note=f"Tab {number}")
                for level in range(5)
            ]
            return [page.status for page in (start, *save)]

    with ThreadPoolExecutor(2) as pool:
        assert {status for tab in pool.map(click, range(2)) for status in tab} == {303}
    assert len(db.session.scalars(sa.select(Response)).all()) == 1
    ((kind, rating, note),) = saved_answers().values()
    assert (kind, rating) == (AnswerKind.RATING, 4)
    assert note in {"Tab 0", "Tab 1"}


def test_saving_an_answer_asks_six_statements_and_reads_no_questions_anew(
    member: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round()
    make_affiliation(member.membership)
    path = f"{HERE}rounds/{round_.id}/"
    member.send(f"{path}start")
    member.send(f"{path}questions/public-understanding", answer="1")

    def read_anew(_stored: object) -> None:
        pytest.fail("the stored questions were parsed again")

    monkeypatch.setattr(QuestionSet, "from_json", read_anew)
    with counted_queries() as statements:
        page = member.send(f"{path}questions/public-understanding", answer="2")
    assert page.status == 303
    assert len([each for each in statements if each.startswith(("SELECT", "INSERT"))]) == 6
