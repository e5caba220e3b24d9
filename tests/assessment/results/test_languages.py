"""In which language people answered: remembered until closing, and then one total where it tells no one's."""

from datetime import date

import pytest
import sqlalchemy as sa
from flask import Flask

from engage.assessment.models import Response, Round, StoredRelease
from engage.assessment.questions import QuestionArea, QuestionSet
from engage.assessment.rounds import service as rounds_service
from engage.coalitions.models import Coalition
from engage.content.loader import content
from engage.extensions import db
from engage.operations.coalition_file.queries.export import document_of
from tests.assessment.guests.rows import Phone, open_channel, token
from tests.assessment.test_questions import asking
from tests.client import EngageClient
from tests.factories import make_affiliation, make_membership, make_response, make_round
from tests.html import Page

HERE = "/c/riverbend/assessment/"
FIRST = "public-understanding"
SPANISH = {"Accept-Language": "es-MX,es;q=0.9"}


@pytest.fixture
def round_() -> Round:
    """A round whose first statement has Spanish texts."""
    return spoken_round()


def spoken_round() -> Round:
    made = make_round()
    areas = [dict(area) for area in made.questions["areas"]]
    first, *rest = areas[0]["questions"]
    spanish = {"title": "Hechos", "statement": "Hay hechos.", "why": "", "levels": list("01234")}
    areas[0]["questions"] = [{**first, "texts": {"es": spanish}}, *rest]
    made.questions = {**made.questions, "areas": areas}
    db.session.commit()
    return made


def at(round_: Round, path: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/{path}"


def remembered() -> list[str]:
    return sorted(db.session.scalars(sa.select(Response.language)))


def answered(round_: Round, **people: int) -> None:
    for language, number in people.items():
        for _person in range(number):
            make_response(round_, make_membership(), {FIRST: 2}, language=language)


def results(client: EngageClient, round_: Round) -> Page:
    return client.page(at(round_, "results/"))


def test_a_member_is_remembered_under_the_language_they_hand_in(member: EngageClient, round_: Round) -> None:
    make_affiliation(member.membership)
    member.send(at(round_, "start"))
    assert remembered() == ["en"]
    member.send(at(round_, f"questions/{FIRST}"), answer="2")
    member.post(at(round_, "submit"), data={"csrf_token": member.csrf_token()}, headers=SPANISH)
    assert remembered() == ["es"]


def test_a_guest_is_remembered_under_the_language_they_choose(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    phone = Phone(app, token(open_channel(coordinator.membership, round_)))
    phone.page()
    phone.send("start", sector="residents", language="es")
    assert remembered() == ["es"]
    phone.send(f"questions/{FIRST}", answer="2")
    phone.send("submit")
    assert remembered() == ["es"]


def test_a_sheet_of_paper_says_its_language_and_the_next_one_begins_with_it(
    coordinator: EngageClient, round_: Round
) -> None:
    page = coordinator.page(at(round_, "key"))
    assert page.texts("input[name=language] + label") == ["English", "Spanish"]
    assert page.one("input[name=language][checked]").attributes["value"] == "en"
    sheet = {"number": "1", "sector": "health", f"{FIRST}-answer": "2"}
    kept = coordinator.send(at(round_, "key"), **sheet, language="es")
    assert (kept.status, remembered()) == (303, ["es"])
    following = coordinator.page(kept.location)
    assert following.one("input[name=language][checked]").attributes["value"] == "es"
    assert coordinator.send(at(round_, "key"), **{**sheet, "number": "2"}, language="xx").status == 422


def test_a_round_in_one_language_asks_for_none(coordinator: EngageClient) -> None:
    own = QuestionArea("own-water", "Water", "Water", "", (asking(FIRST),))
    round_ = make_round(questions=QuestionSet("en", ("0", "1", "2", "3", "4"), (own,)).to_json())
    assert not coordinator.page(at(round_, "key")).all("input[name=language]")
    coordinator.send(at(round_, "key"), number="1", sector="health", **{f"{FIRST}-answer": "2"})
    assert remembered() == ["en"]


def test_results_say_how_many_answered_in_each_language_and_closing_forgets_whose(
    coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    answered(round_, es=4, en=5)
    coordinator.send(at(round_, "close"), losing="0")
    assert remembered() == [""] * 9
    for client in (coordinator, member):
        assert (
            results(client, round_)
            .text("#assessment-closed-on")
            .endswith("By language: 5 in English and 4 in Spanish.")
        )
    assert "By language" not in coordinator.get(at(round_, "results.csv")).text


@pytest.mark.parametrize("people", [{"es": 2, "en": 7}, {"es": 7, "en": 2}, {"es": 9}])
def test_a_total_that_would_tell_single_people_is_not_said(
    coordinator: EngageClient, round_: Round, people: dict[str, int]
) -> None:
    answered(round_, **people)
    coordinator.send(at(round_, "close"), losing="0")
    page = results(coordinator, round_)
    assert page.has("What 9 of us said") and not page.has("By language")


def test_a_reopened_round_counts_on_and_holds_back_what_a_difference_would_tell(
    coordinator: EngageClient, round_: Round
) -> None:
    answered(round_, es=3, en=3)
    coordinator.send(at(round_, "close"), losing="0")
    for more, told in [({"es": 3, "en": 4}, "7 in English and 6 in Spanish"), ({"es": 3, "en": 1}, "")]:
        rounds_service.reopen_round(coordinator.membership, round_, "More came", date(2026, 12, 20))
        answered(round_, **more)
        coordinator.send(at(round_, "close"), losing="0")
        assert results(coordinator, round_).has("By language") is bool(told)
        assert results(coordinator, round_).has(told)
    assert coordinator.page(at(round_, "releases/2")).has("By language: 7 in English and 6 in Spanish.")
    assert db.session.get_one(Round, round_.id).by_language == {"en": [8, 0, 0], "es": [9, 0, 0]}


def test_a_release_of_before_says_nothing_of_languages_and_none_follows(
    coordinator: EngageClient, round_: Round
) -> None:
    answered(round_, **{"": 6})
    coordinator.send(at(round_, "close"), losing="0")
    assert "languages" not in db.session.scalars(sa.select(StoredRelease.results)).one()
    rounds_service.reopen_round(coordinator.membership, round_, "More came", date(2026, 12, 20))
    answered(round_, es=3, en=3)
    coordinator.send(at(round_, "close"), losing="0")
    assert not results(coordinator, round_).has("By language")


def test_a_coordinators_file_tells_no_number_of_a_language(coordinator: EngageClient, round_: Round) -> None:
    answered(round_, es=1, en=5)
    coordinator.send(at(round_, "close"), losing="0")
    coalition = db.session.get_one(Coalition, round_.coalition_id)
    (whole,) = document_of(coalition, single_answers=True)["rows"]["assessment_round"]
    (readable,) = document_of(coalition, single_answers=False)["rows"]["assessment_round"]
    assert (whole["by_language"], readable["by_language"]) == ({"en": [5, 0, 0], "es": [1, 0, 0]}, {})


# -- reading in one's own language


def test_whoever_chooses_spanish_on_the_first_screen_reads_all_of_it_from_there_on(
    app: Flask, coordinator: EngageClient
) -> None:
    round_ = make_round()
    phone = Phone(app, token(open_channel(coordinator.membership, round_)))
    assert phone.page().value("language") == "en"
    phone.send("start", sector="residents", language="es")
    page = phone.page(f"questions/{FIRST}")
    said = content("es").indicator(FIRST)
    assert page.one("html").attributes["lang"] == "es"
    assert page.has(said.statement) and page.has(said.levels[4]) and page.has("No sé")
    assert remembered() == ["es"]


def test_a_link_in_spanish_has_spanish_chosen_already(app: Flask, coordinator: EngageClient) -> None:
    round_ = make_round()
    phone = Phone(app, token(open_channel(coordinator.membership, round_)))
    page = phone.client.page(f"{phone.at()}?lang=es")
    assert page.value("language") == "es"


def test_the_poster_is_printed_in_each_language_and_its_code_opens_that_one(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    round_ = make_round()
    open_channel(coordinator.membership, round_)
    drawn: list[str] = []
    monkeypatch.setattr("engage.web.links.qr", lambda address: drawn.append(address) or "")
    page = coordinator.page(at(round_, "doors/poster"))
    assert page.texts(".pill") == ["English", "Spanish"]
    spanish = coordinator.page(at(round_, "doors/poster?lang=es"))
    assert spanish.text("#assessment-poster h1").startswith("¿")
    assert [each.endswith("?lang=es") for each in drawn] == [False, True]
    assert "?lang" not in spanish.text(".poster-link")
    assert coordinator.page(HERE).one("html").attributes["lang"] == "en"


def test_results_name_engages_statements_in_the_readers_language(
    coordinator: EngageClient, round_: Round
) -> None:
    answered(round_, en=4)
    coordinator.send(at(round_, "close"), losing="0")
    area = content("es").area("prevention")
    page = coordinator.page(at(round_, "results/prevention"), headers=SPANISH)
    assert page.has(area.name)
    assert page.has("Hechos")  # the first statement has texts of its own
    assert coordinator.page(at(round_, "results/")).has(content("en").area("prevention").short)
