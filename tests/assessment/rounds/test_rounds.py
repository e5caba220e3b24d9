"""Opening and closing rounds over HTTP."""

from datetime import timedelta

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.assessment.models import Answer, Participant, Response, Round, StoredRelease
from engage.assessment.rules import Asked
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
    saved,
)
from tests.html import Page

HERE = "/c/riverbend/assessment/"
NEXT_WEEK = (clock.today("America/Chicago") + timedelta(days=7)).isoformat()
GOOD = {"title": "Community assessment 2026", "closes_on": NEXT_WEEK, "k": "3"}


def test_without_a_round_the_page_says_what_will_be_here_and_how_to_begin(
    coordinator: EngageClient, member: EngageClient
) -> None:
    page = coordinator.page(HERE)
    assert page.text(".empty h2") == "No rounds yet"
    assert page.one("a.btn-primary").attributes["href"] == f"{HERE}rounds/new"
    assert not member.page(HERE).all("a.btn-primary")


def test_a_round_freezes_the_questions_it_was_opened_with(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{HERE}rounds/new", **GOOD)
    round_ = db.session.scalars(sa.select(Round)).one()
    assert (page.status, page.location) == (303, f"{HERE}rounds/{round_.id}/respondents/")
    assert (round_.title, round_.k, round_.closes_on and round_.closes_on.isoformat()) == (
        GOOD["title"],
        3,
        NEXT_WEEK,
    )
    first = round_.questions["areas"][0]["questions"][0]
    indicator = content().indicators[0]
    assert round_.questions["language"] == "en"
    assert (first["key"], first["meaning"], first["statement"]) == (
        indicator.key,
        indicator.meaning,
        indicator.statement,
    )
    assert tuple(first["levels"]) == indicator.levels
    asked = [each["key"] for area in round_.questions["areas"] for each in area["questions"]]
    assert sorted(asked) == sorted(each.key for each in content().indicators)


def test_a_round_may_leave_out_what_only_insiders_can_know(coordinator: EngageClient) -> None:
    assert coordinator.page(f"{HERE}rounds/new").has("Leave out statements that only insiders can know")
    assert coordinator.send(f"{HERE}rounds/new", **GOOD, no_insiders="y").status == 303
    round_ = db.session.scalars(sa.select(Round)).one()
    asked = {each["key"] for area in round_.questions["areas"] for each in area["questions"]}
    assert asked == {each.key for each in content().indicators} - content().insiders
    assert sum(each.insiders for each in content().indicators) == 16


def test_a_round_on_a_set_for_insiders_alone_needs_its_statements(coordinator: EngageClient) -> None:
    chosen = coordinator.send(f"{HERE}questions/copy")
    set_id = int((chosen.location or "").rstrip("/").rsplit("/", 1)[-1])
    for area in content().areas:
        kept = [each.key for each in content().indicators_in(area.key) if not each.insiders]
        for key in kept:
            coordinator.send(f"{HERE}questions/{set_id}/areas/{area.key}/arrange", do=f"hide:{key}")
    page = coordinator.send(f"{HERE}rounds/new", **GOOD, questions=str(set_id), no_insiders="y")
    assert (page.status, page.errors) == (
        422,
        ["Only insiders can know what this set asks. Choose another set, or keep them."],
    )
    assert page.value("title") == GOOD["title"]


def test_statements_for_insiders_are_marked_where_the_questions_can_be_read(member: EngageClient) -> None:
    marked = [
        node.text()
        for node in member.page(f"{HERE}questions/ours/").all(".rows .tag")
        if node.text() not in {"In the short set", "Only in your own set"}
    ]
    assert marked == ["For insiders"] * len(content().insiders)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "", "Give the round a title."),
        ("title", "x" * 121, "This is too long"),
        ("closes_on", "", "Choose the last day to answer."),
        ("closes_on", "2020-01-01", "Choose today or a later day."),
        ("closes_on", "soon", "Enter the date"),
        ("k", "2", "Enter a whole number from 3 to 20."),
        ("k", "21", "Enter a whole number from 3 to 20."),
        ("k", "three", "Enter a whole number."),
        ("k", "9" * 300, "That number is too large."),
    ],
)
def test_a_refused_round_says_why_and_keeps_the_rest(
    coordinator: EngageClient, field: str, value: str, message: str
) -> None:
    page = coordinator.send(f"{HERE}rounds/new", **{**GOOD, "title": "Our first round", field: value})
    assert page.status == 422
    assert any(error.startswith(message) for error in page.errors), page.errors
    if field != "title":
        assert page.value("title") == "Our first round"
    assert db.session.scalars(sa.select(Round)).all() == []


def test_only_one_round_for_members_is_open_at_a_time(coordinator: EngageClient) -> None:
    make_round()
    page = coordinator.send(f"{HERE}rounds/new", **{**GOOD, "title": "Typed with care"})
    assert page.status == 422
    assert page.errors == [
        "“Community assessment 2026” is open for them. Close it before you open another round."
    ]
    assert page.value("title") == "Typed with care"
    with pytest.raises(sa.exc.IntegrityError):
        make_round()
    db.session.rollback()


def test_only_coordinators_open_and_close_rounds(member: EngageClient, viewer: EngageClient) -> None:
    round_ = make_round()
    for person in (member, viewer):
        assert person.send(f"{HERE}rounds/new", **GOOD).status == 403
        assert person.get(f"{HERE}rounds/{round_.id}/close").status_code == 403
        assert person.send(f"{HERE}rounds/{round_.id}/close").status == 403
    assert db.session.get_one(Round, round_.id).closed_at is None


def test_another_coalitions_round_does_not_exist(coordinator: EngageClient) -> None:
    theirs = make_round(coalition=make_coalition())
    for path in ("", "close", "results/", "results/prevention", "submitted", "areas/prevention"):
        assert coordinator.get(f"{HERE}rounds/{theirs.id}/{path}").status_code == 404
    for path in ("start", "submit", "close", "questions/public-understanding", "areas/prevention"):
        assert coordinator.send(f"{HERE}rounds/{theirs.id}/{path}", answer="2").status == 404
    assert db.session.get_one(Round, theirs.id).closed_at is None


def test_coordinators_see_how_many_started_and_submitted_and_members_do_not(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    round_ = make_round()
    make_response(round_, coordinator.membership, {"public-understanding": 2}, submitted=False)
    make_response(round_, member.membership, {"public-understanding": 2})
    assert coordinator.page(HERE).text("#assessment-turn-out") == (
        "2 people may answer. Started: 2. Finished: 1."
    )
    assert not member.page(HERE).all("#assessment-turn-out")
    assert not viewer.page(HERE).all("#assessment-turn-out")


def test_one_person_who_may_answer_is_not_called_people(coordinator: EngageClient) -> None:
    round_ = make_round()
    for path in ("", f"rounds/{round_.id}/close"):
        assert coordinator.page(f"{HERE}{path}").text("#assessment-turn-out") == (
            "1 person may answer. Started: 0. Finished: 0."
        )
        spanish = coordinator.page(f"{HERE}{path}", headers={"Accept-Language": "es"})
        assert spanish.has("1 persona puede responder. Empezaron: 0. Terminaron: 0.")


def test_closing_erases_who_answered_and_when_and_keeps_the_sector(coordinator: EngageClient) -> None:
    round_ = make_round()
    sectors = ["health", "health", "faith"]
    for sector in sectors:
        make_response(
            round_,
            make_membership(),
            {"public-understanding": (2, "A note"), "reducing-demand": 1},
            sector=sector,
        )
    old_ids = set(db.session.scalars(sa.select(Response.id)))
    page = coordinator.send(f"{HERE}rounds/{round_.id}/close")
    assert (page.status, page.location) == (303, f"{HERE}rounds/{round_.id}/results/")
    rows = db.session.execute(
        sa.text(
            "SELECT respondent_id, started_at, sector, submitted FROM assessment_response ORDER BY sector"
        )
    ).all()
    assert [(row[0], row[1], row[2], bool(row[3])) for row in rows] == [
        (None, None, sector, True) for sector in sorted(sectors)
    ]
    answers = db.session.execute(
        sa.text("SELECT answered_at, indicator, rating, note FROM assessment_answer ORDER BY indicator, id")
    ).all()
    assert [tuple(row) for row in answers] == [(None, "public-understanding", 2, "A note")] * 3 + [
        (None, "reducing-demand", 1, "")
    ] * 3
    assert old_ids, "the rows were written anew"
    stored = db.session.scalars(sa.select(StoredRelease)).one()
    assert (stored.respondents, stored.number) == (3, 1)


def test_what_was_never_submitted_is_deleted_at_closing(coordinator: EngageClient) -> None:
    round_ = make_round()
    make_response(round_, make_membership(), {"public-understanding": 2}, submitted=False)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/close")
    assert page.has(
        "1 person has answered 1 of the 43 questions and not submitted. These answers will be deleted."
    )
    assert page.has("Too few people have finished, so no result at all will be shown.")
    coordinator.send(f"{HERE}rounds/{round_.id}/close", losing="1")
    assert db.session.scalars(sa.select(Response)).all() == []
    assert db.session.scalars(sa.select(Answer)).all() == []


def test_a_round_is_closed_once(coordinator: EngageClient) -> None:
    round_ = make_round()
    assert coordinator.send(f"{HERE}rounds/{round_.id}/close").status == 303
    page = coordinator.send(f"{HERE}rounds/{round_.id}/close")
    assert page.status == 409
    assert page.has("This round is already closed.")
    assert len(db.session.scalars(sa.select(StoredRelease)).all()) == 1
    assert coordinator.get(f"{HERE}rounds/{round_.id}/close").status_code == 303


def test_a_sector_that_no_one_knows_counts_as_other(coordinator: EngageClient) -> None:
    round_ = make_round()
    for _number in range(3):
        make_response(round_, make_membership(), {"public-understanding": 2}, sector="gone-from-the-content")
    for _number in range(3):
        make_response(round_, make_membership(), {"public-understanding": 2}, sector="health")
    coordinator.send(f"{HERE}rounds/{round_.id}/close")
    stored = db.session.scalars(sa.select(StoredRelease)).one()
    other = content().sector("other").group
    assert stored.results["people"] == {"care": 3, other: 3}


def test_a_closed_round_stands_in_the_list_with_its_date_and_how_many_answered(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    round_ = make_round(title="Round of spring")
    for _number in range(3):
        make_response(round_, make_membership(), {"public-understanding": 2})
    coordinator.send(f"{HERE}rounds/{round_.id}/close")
    line = viewer.page(HERE).text("#assessment-closed li")
    assert line.startswith("Round of spring Closed on ")
    assert line.endswith("3 people answered.")


def test_a_response_s_answers_are_found_by_one_index_of_both_columns(app: Flask) -> None:
    """Of two single ones SQLite may take the coalition's, and read every answer of it for each response."""
    indexes = sa.inspect(db.engine).get_indexes("assessment_answer")
    assert [index["column_names"] for index in indexes if index["name"] and not index["unique"]] == [
        ["coalition_id", "response_id"]
    ]


def test_a_round_of_two_thousand_closes_and_keeps_them_all(coordinator: EngageClient) -> None:
    round_ = make_round()
    sectors = [sector.key for sector in content().sectors]
    of = {"coalition_id": round_.coalition_id, "round_id": round_.id}
    rows = [
        {**of, "sector": sectors[number % len(sectors)], "submitted": True, "released": False}
        for number in range(2000)
    ]
    made = db.session.scalars(sa.insert(Response).returning(Response.id), rows).all()
    said = {"coalition_id": round_.coalition_id, "indicator": "public-understanding", "kind": "rating"}
    db.session.execute(
        sa.insert(Answer),
        [{**said, "response_id": key, "rating": number % 5} for number, key in enumerate(made)],
    )
    db.session.commit()
    assert coordinator.send(f"{HERE}rounds/{round_.id}/close").status == 303
    stored = db.session.scalars(sa.select(StoredRelease)).one()
    assert (stored.respondents, sum(stored.results["people"].values())) == (2000, 2000)
    ratings = sa.select(Answer.rating, sa.func.count()).group_by(Answer.rating).order_by(Answer.rating)
    assert [tuple(row) for row in db.session.execute(ratings)] == [(level, 400) for level in range(5)]
    assert coordinator.page(f"{HERE}rounds/{round_.id}/results/").text("h1") == "What 2000 of us said"


EVERYTHING = {each.key: 2 for each in content().indicators}
FIRST = content().indicators[0].key


def _partly(number: int) -> dict[str, int]:
    return dict(list(EVERYTHING.items())[:number])


def test_who_answered_everything_counts_without_having_submitted(coordinator: EngageClient) -> None:
    round_ = make_round()
    person = make_membership()
    make_affiliation(person, make_organization(sector="schools"))
    said = {**EVERYTHING, FIRST: "dont_know", content().indicators[1].key: "does_not_apply"}
    make_response(round_, person, said, submitted=False)
    for _number in range(2):
        make_response(round_, make_membership(), EVERYTHING)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/close")
    assert "Started: 3. Finished: 3." in page.text("#assessment-turn-out")
    assert not page.all("#assessment-losing")
    coordinator.send(f"{HERE}rounds/{round_.id}/close")
    assert db.session.scalars(sa.select(StoredRelease)).one().respondents == 3
    kept = db.session.scalars(sa.select(Response).where(Response.sector == "schools")).one()
    assert (kept.submitted, kept.respondent_id) == (True, None)
    took_part = sa.select(Participant.took_part).where(Participant.membership_id == person.id)
    assert db.session.scalar(took_part) is True


def test_who_took_part_in_one_round_did_not_take_part_in_another(coordinator: EngageClient) -> None:
    person = make_membership()
    asked = {"asked": Asked.INVITED}
    other = make_round(title="Last year", closed_at=clock.now(), **asked)
    round_ = make_round(**asked)
    for each in (other, round_):
        saved(Participant(coalition_id=each.coalition_id, round_id=each.id, membership_id=person.id))
    make_response(round_, person, EVERYTHING)
    coordinator.send(f"{HERE}rounds/{round_.id}/close")
    rows = sa.select(Participant.round_id).where(Participant.took_part)
    assert db.session.scalars(rows).all() == [round_.id]


def test_who_took_everything_back_does_not_count_and_is_not_named(coordinator: EngageClient) -> None:
    round_ = make_round()
    make_response(round_, make_membership(), EVERYTHING, submitted=False, taken_back=True)
    for _number in range(3):
        make_response(round_, make_membership(), EVERYTHING)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/close")
    assert "Started: 4. Finished: 3." in page.text("#assessment-turn-out")
    assert not page.all("#assessment-losing")
    coordinator.send(f"{HERE}rounds/{round_.id}/close")
    assert db.session.scalars(sa.select(StoredRelease)).one().respondents == 3
    assert len(db.session.scalars(sa.select(Response)).all()) == 3


def test_a_round_from_before_the_rule_counts_only_what_was_submitted_and_says_so(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_round(counts_answered=False)
    make_response(round_, make_membership(), EVERYTHING, submitted=False)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/close")
    assert page.has("only what they submit counts, even if everything is answered")
    assert "answered 43 of the 43 questions and not submitted" in page.text("#assessment-losing")
    before = member.page(f"{HERE}rounds/{round_.id}/").text("#assessment-who-sees")
    assert "Only what you submitted counts" in before
    assert "forget to submit" not in before
    coordinator.send(f"{HERE}rounds/{round_.id}/close", losing="1")
    assert db.session.scalars(sa.select(Response)).all() == []


def test_the_notice_says_before_the_start_what_will_count(member: EngageClient) -> None:
    notice = member.page(f"{HERE}rounds/{make_round().id}/").text("#assessment-who-sees")
    assert "your answers count even if you forget to submit them" in notice
    assert "You can withdraw them" in notice
    assert "how many questions the unfinished answers hold, without names" in notice


def test_closing_says_a_number_once_where_several_people_gave_as_many_answers(
    coordinator: EngageClient,
) -> None:
    round_ = make_round()
    for number in (12, 12, 31):
        make_response(round_, make_membership(), _partly(number), submitted=False)
    losing = coordinator.page(f"{HERE}rounds/{round_.id}/close").text("#assessment-losing")
    assert "3 people have answered 31 and 12 of the 43 questions and not submitted." in losing


def test_closing_says_how_much_of_whose_answers_is_lost_without_their_names(
    coordinator: EngageClient,
) -> None:
    round_ = make_round()
    for number in (12, 31, 0):
        make_response(round_, make_membership(name="Dana Okafor"), _partly(number), submitted=False)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/close")
    losing = page.text("#assessment-losing")
    assert "2 people have answered 31 and 12 of the 43 questions and not submitted." in losing
    assert "Their answers will be deleted." in losing
    assert not page.has("Okafor")
    link = page.one("#assessment-losing a")
    assert (link.text(), link.attributes["href"]) == ("Remind them", f"{HERE}rounds/{round_.id}/remind")


def test_many_unfinished_answers_are_told_by_the_least_and_the_most(coordinator: EngageClient) -> None:
    round_ = make_round()
    for number in range(3, 11):
        make_response(round_, make_membership(), _partly(number), submitted=False)
    losing = coordinator.page(f"{HERE}rounds/{round_.id}/close").text("#assessment-losing")
    assert "8 people have answered between 3 and 10 of the 43 questions" in losing


def test_closing_asks_once_more_when_more_would_be_lost_than_its_page_said(
    coordinator: EngageClient,
) -> None:
    round_ = make_round()
    make_response(round_, make_membership(), _partly(4), submitted=False)
    shown = coordinator.page(f"{HERE}rounds/{round_.id}/close").value("losing")
    make_response(round_, make_membership(), _partly(9), submitted=False)
    page = coordinator.send(f"{HERE}rounds/{round_.id}/close", losing=shown)
    assert page.status == 409
    assert page.has("More people have begun to answer since you opened this page.")
    assert "2 people have answered 9 and 4" in page.text("#assessment-losing")
    assert db.session.get_one(Round, round_.id).closed_at is None
    assert coordinator.send(f"{HERE}rounds/{round_.id}/close", losing=page.value("losing")).status == 303


def test_the_closing_page_asks_the_database_as_often_for_many_as_for_few(
    coordinator: EngageClient,
) -> None:
    round_ = make_round()
    make_response(round_, make_membership(), _partly(4), submitted=False)
    with counted_queries() as few:
        coordinator.page(f"{HERE}rounds/{round_.id}/close")
    for number in range(12):
        make_response(round_, make_membership(), _partly(number), submitted=number % 2 == 0)
    with counted_queries() as many:
        coordinator.page(f"{HERE}rounds/{round_.id}/close")
    assert len(many) == len(few)


# -- the smallest group shown


def edited(client: EngageClient, round_: Round, k: int | str) -> Page:
    row = db.session.get_one(Round, round_.id)
    fields = {"title": row.title, "closes_on": NEXT_WEEK, "asked": "everyone", "version": str(row.version)}
    return client.send(f"{HERE}rounds/{round_.id}/edit", **fields, k=str(k))


def test_the_smallest_group_shown_may_become_larger_once_someone_has_begun_and_never_smaller(
    coordinator: EngageClient,
) -> None:
    round_ = make_round(k=5)
    assert coordinator.page(f"{HERE}rounds/{round_.id}/edit").value("k") == "5"
    assert edited(coordinator, round_, 4).status == 303, "no one has begun"
    make_response(round_, make_membership(), {}, submitted=False)
    assert edited(coordinator, round_, 7).status == 303
    assert db.session.get_one(Round, round_.id).k == 7
    page = edited(coordinator, round_, 6)
    assert (page.status, page.errors) == (
        422,
        ["Someone has started answering, so this can only become larger. Enter 7 or more."],
    )
    row = db.session.get_one(Round, round_.id)
    assert (row.k, row.title) == (7, round_.title)
    assert [edited(coordinator, round_, k).status for k in (2, 21, "many", "")] == [422] * 4


def test_a_larger_smallest_group_is_what_people_read_and_what_closing_keeps(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_round(k=3)
    first = content().indicators[0].key
    make_affiliation(member.membership, make_organization(sector="health"))
    for number in range(4):
        make_response(round_, make_membership(name=f"Person {number}"), {first: number})
    assert edited(coordinator, round_, 5).status == 303
    assert member.page(f"{HERE}rounds/{round_.id}/").has("no result is about fewer than 5 people")
    coordinator.send(f"{HERE}rounds/{round_.id}/close", losing="0")
    stored = db.session.scalars(sa.select(StoredRelease)).one()
    assert stored.respondents == 0, "four people are fewer than five"


def test_once_results_are_out_the_smallest_group_stays(coordinator: EngageClient) -> None:
    round_ = make_round(k=3, closed_at=clock.now(), reopened_at=clock.now())
    assert not coordinator.page(f"{HERE}rounds/{round_.id}/edit").all("[name=k]")
    assert edited(coordinator, round_, 9).status == 303
    assert db.session.get_one(Round, round_.id).k == 3
