"""What a closed round tells of questions with options: on its pages, in its file, beside an earlier round."""

import csv
import random
import re
from io import StringIO

import pytest
import sqlalchemy as sa

from engage.assessment.models import Round, StoredRelease
from engage.assessment.results.rules.releases import Release
from engage.assessment.rules import Answer, AnswerKind
from engage.extensions import db
from tests.assessment.options import HEARD, HELPED, MIXED, ONLY_OPTIONS, RATED, WEBSITE
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_closed_round

HERE = "/c/riverbend/assessment/"
FRIEND, WORK, NEWS = (Answer.chose(place) for place in range(3))
YES, NO = Answer.chose(0), Answer.chose(1)


def person(
    heard: Answer, website: Answer = YES, *helped: int, rated: int = 2
) -> tuple[str, dict[str, object]]:
    answers: dict[str, object] = {HEARD: heard, WEBSITE: website, RATED.key: rated}
    return "health", answers | ({HELPED: Answer.chose(*helped)} if helped else {})


PEOPLE = [
    *[person(FRIEND, YES, 0, 1)] * 5,
    *[person(WORK, NO, 1, 2)] * 4,
    person(NEWS, NO, 2),
]


def closed(people: list[tuple[str, dict[str, object]]] = PEOPLE, **more: object) -> Round:
    return make_closed_round(people, questions=MIXED.to_json(), **more)


def test_counts_are_bars_for_everyone_and_a_small_one_is_held_back_with_a_second(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    results = f"{HERE}rounds/{closed().id}/results/"
    for browser in (coordinator, member):
        page = browser.page(results)
        heard, helped, website = page.all("#assessment-options .option-result")
        assert [node.text() for node in heard.css(".spread-count")] == ["5", "–not shown", "–not shown"]
        assert "10 of 10 answered." in heard.text()
        assert page.text("#assessment-held").startswith(
            "An answer without a number is held back: too few people chose it"
        )
        assert [node.text() for node in website.css(".spread-count")] == ["5", "5"]
        assert "They could choose more than one answer." in helped.text()
        assert not website.css(".bar-held") and len(heard.css(".bar-held")) == 2
    assert not viewer.page(results).all("#assessment-options")


def test_options_touch_no_median_no_area_and_no_agreed_value(coordinator: EngageClient) -> None:
    round_ = closed()
    release = Release.from_json(db.session.scalars(sa.select(StoredRelease)).one().results)
    assert [area.key for area in release.areas] == ["prevention"]
    assert [line.key for line in release.options] == [HEARD, HELPED, WEBSITE]
    root = f"{HERE}rounds/{round_.id}"
    assert coordinator.get(f"{root}/results/own-feedback").status_code == 404
    assert coordinator.get(f"{root}/agreement/{HEARD}").status_code == 404
    assert coordinator.send(f"{root}/results/actions/{HEARD}").status == 404
    assert coordinator.send(f"/c/riverbend/strengths/needs/from/{round_.id}/{HEARD}").status == 404
    assert coordinator.page(f"{root}/agreement/").has(RATED.title)


def test_a_round_of_options_alone_shows_no_empty_table(coordinator: EngageClient) -> None:
    people = [("health", {WEBSITE: YES})] * 4 + [("other", {WEBSITE: Answer(AnswerKind.DONT_KNOW)})] * 3
    round_ = make_closed_round(people, questions=ONLY_OPTIONS.to_json())
    page = coordinator.page(f"{HERE}rounds/{round_.id}/results/")
    assert page.has("What 7 of us said")
    assert not page.all("#assessment-table") and not page.all("#assessment-unrated")
    website = page.all(".option-result")[-1].text()
    assert "4 of 7 answered." in website and "3 did not know." in website
    assert page.has("Too few people answered this, so nothing is shown.")


def test_the_file_and_the_report_hold_what_the_page_shows(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    round_ = closed()
    body = coordinator.get(f"{HERE}rounds/{round_.id}/results.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(StringIO(body, newline="")))
    heard = [row for row in rows if row["Statement"] == "Title of own-heard"]
    assert [(row["Answer"], row["Chosen by"], row["Answered by"]) for row in heard] == [
        ("From a friend", "5", "10"),
        ("At work", "", "10"),
        ("In the news", "", "10"),
    ]
    report = coordinator.page(f"/c/riverbend/reports/assessment?round={round_.id}&statements=1")
    assert [node.text() for node in report.all("#reports-option-1 tbody :is(th, td)")] == [
        "From a friend", "5", "At work", "–", "In the news", "–",
    ]  # fmt: skip
    assert "Answer" not in viewer.get(f"{HERE}rounds/{round_.id}/results.csv").get_data(as_text=True)


def test_rounds_compare_the_same_question_side_by_side_and_skip_another_one(
    coordinator: EngageClient,
) -> None:
    closed(title="Spring")
    asked = MIXED.to_json()
    asked["areas"][1]["questions"][2]["meaning"] = 2
    make_closed_round([person(FRIEND, NO)] * 6, questions=asked, title="Fall")
    page = coordinator.page(f"{HERE}compare")
    rows = [
        " ".join(row.text(separator="|").split()) for row in page.all("#assessment-compared-options tbody tr")
    ]
    assert [re.sub(r"[|\s]+", " ", row).strip() for row in rows] == [
        "From a friend 5 of 10 6 of 6",
        "At work not shown 0 of 6",
        "In the news not shown 0 of 6",
    ]


@pytest.mark.parametrize("seed", range(12))
def test_no_page_says_of_few_what_they_chose(coordinator: EngageClient, seed: int) -> None:
    """The rule is searched for worlds beside; this asks that pages and file say nothing more than it."""
    rng = random.Random(seed)
    people = [
        person(
            rng.choices((FRIEND, WORK, NEWS), weights=(6, 3, 1))[0],
            rng.choices((YES, NO), weights=(5, 1))[0],
            *rng.sample(range(3), rng.randint(1, 3)),
        )
        for _number in range(rng.randint(3, 12))
    ]
    round_ = closed(people)
    release = Release.from_json(db.session.scalars(sa.select(StoredRelease)).one().results)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/results/")
    shown = [
        [None if node.text() == "–not shown" else int(node.text()) for node in part.css(".spread-count")]
        for part in page.all(".option-result")
    ]
    assert shown == [list(line.counts) for line in release.options]
    assert all(count == 0 or count >= round_.k for counts in shown for count in counts if count is not None)


def test_results_ask_the_same_few_things_however_many_options_there_are(coordinator: EngageClient) -> None:
    path = f"{HERE}rounds/{closed().id}/results/"
    coordinator.get(path)
    with counted_queries() as with_options:
        coordinator.get(path)
    db.session.scalars(sa.select(Round)).one().questions = MIXED.rated.to_json()
    db.session.commit()
    coordinator.get(path)
    with counted_queries() as without:
        coordinator.get(path)
    assert len(with_options) == len(without)
