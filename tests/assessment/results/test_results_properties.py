"""Tests that no page shows a number of fewer than k people, whatever few people answer."""

import csv
import re
from io import StringIO
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engage.assessment.questions import QuestionArea, QuestionSet, frozen
from engage.content.loader import content
from engage.content.model import GROUPING
from tests.client import EngageClient
from tests.factories import make_closed_round
from tests.html import Page, words

pytestmark = [pytest.mark.slow, pytest.mark.sqlite_only]

K = 3
WHOLE = frozen(content(), "en")
AREAS = tuple(
    QuestionArea(area.key, area.name, area.short, area.asks, area.questions[:2]) for area in WHOLE.areas[:3]
)
QUESTIONS = QuestionSet(WHOLE.language, WHOLE.scale, AREAS)
KEYS = [question.key for area in AREAS for question in area.questions]
SECTORS = ["health", "schools", "justice", "other"]
GROUPS = content().grouping(GROUPING)
GROUP_OF = {GROUPS.name(GROUPS.of[key]): key for key in SECTORS}

said = st.one_of(st.integers(0, 4), st.sampled_from(["dont_know", "does_not_apply"]))
person = st.tuples(st.sampled_from(SECTORS), st.dictionaries(st.sampled_from(KEYS), said, min_size=1))
people = st.lists(person, min_size=1, max_size=11)


def ratings(responses: list[tuple[str, dict[str, Any]]], key: str, sector: str | None = None) -> int:
    return sum(
        isinstance(answers.get(key), int) for where, answers in responses if sector is None or where == sector
    )


def table(page: Page, panel: str) -> tuple[list[str], list[tuple[str, list[bool]]]]:
    """Returns the columns' headings, and each row's label with whether its cells hold a number."""
    heads = [re.sub(r" \(\d+\)$", "", head) for head in page.texts(f"{panel} thead th")][1:]
    rows = [
        (words(row.css("th")[0]), [bool(cell.css(".heat-number")) for cell in row.css("td")])
        for row in page.all(f"{panel} tbody tr")
    ]
    return heads, rows


def numbers_of_people(page: Page) -> list[int]:
    """Returns every count of people or answers that the page says by itself."""
    text = words(page.one("main"))
    found = [*re.findall(r"\((\d+)\)", text), *re.findall(r"(\d+) answers?\b", text)]
    found += re.findall(r"(?:middle of|What) (\d+)", text)
    found += re.findall(r"(\d+) of \d+ do not know", text)
    return [int(number) for number in found]


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(responses=people)
def test_no_page_shows_a_number_of_fewer_than_k_people(
    coordinator: EngageClient,
    member: EngageClient,
    viewer: EngageClient,
    responses: list[tuple[str, dict[str, Any]]],
) -> None:
    round_ = make_closed_round(responses, questions=QUESTIONS.to_json(), k=K)
    results = f"/c/riverbend/assessment/rounds/{round_.id}/results/"
    for browser in (coordinator, member, viewer):
        page = browser.page(results)
        assert all(number >= K for number in numbers_of_people(page))
        heads, rows = table(page, "#assessment-table") if page.all("#assessment-table") else ([], [])
        for _label, shown in rows:
            for head, has_number in zip(heads, shown, strict=True):
                if has_number and head in GROUP_OF:
                    assert sum(sector == GROUP_OF[head] for sector, _ in responses) >= K
        check_wheel(page)
        check_file(browser, page, responses)
    for area in AREAS if len(responses) >= K else ():
        for browser in (coordinator, member):
            page = browser.page(results + area.key)
            assert all(number >= K for number in numbers_of_people(page))
            for question in area.questions:
                counts = [int(count) for count in page.texts(f"#{question.key} .spread-count")]
                assert not counts or ratings(responses, question.key) >= K
            if page.all("#assessment-groups"):
                check_groups(page, area, responses)


def check_wheel(page: Page) -> None:
    """Checks that the picture says what the table's column of All says, and nothing else."""
    if page.all("svg.wheel"):
        cells = [words(row.css("td")[0]).replace("– ", "") for row in page.all("#assessment-table tbody tr")]
        label = page.one("svg.wheel").attributes["aria-label"] or ""
        assert re.findall(r"(\d\.\d \w+|not shown)", label) == cells


def check_file(browser: EngageClient, page: Page, responses: list[tuple[str, dict[str, Any]]]) -> None:
    """Checks that the file has the page's columns; a statement's groups and levels are in it from k ratings on."""
    links = page.all("#assessment-file a")
    if not links:
        return
    body = browser.get(str(links[0].attributes["href"])).get_data().decode("utf-8-sig")
    head, *lines = csv.reader(StringIO(body, newline=""))
    assert all(int(number) >= K for title in head for number in re.findall(r"\((\d+)\)$", title))
    if not page.all("#assessment-unrated"):
        assert [title for title in page.texts("#assessment-table thead th") if title not in head] == []
    titles = {question.title: question.key for area in AREAS for question in area.questions}
    for line in lines:
        said = dict(zip(head, line, strict=True))
        if not (key := titles.get(said.get("Statement", ""))):
            continue
        alone = [
            ratings(responses, key, GROUP_OF[name])
            for title, number in said.items()
            if number and (name := re.sub(r" \(\d+\)$", "", title)) in GROUP_OF
        ]
        rest = ratings(responses, key) - sum(alone)
        assert all(number >= K for number in alone)
        assert not alone or rest == 0 or rest >= K
        assert not any(said[title] for title in head if title[0].isdigit()) or ratings(responses, key) >= K
        assert not said["Don't know"] or int(said["Don't know"]) >= K


def check_groups(page: Page, area: QuestionArea, responses: list[tuple[str, dict[str, Any]]]) -> None:
    """Checks that each group with a number has k ratings, and so has the rest without the shown ones."""
    heads, rows = table(page, "#assessment-groups")
    keys = {question.title: question.key for question in area.questions}
    for title, shown in rows:
        total = ratings(responses, keys[title])
        alone = [
            ratings(responses, keys[title], GROUP_OF[head])
            for head, has_number in zip(heads, shown, strict=True)
            if has_number and head in GROUP_OF
        ]
        assert all(number >= K for number in alone)
        rest = total - sum(alone)
        assert not alone or rest == 0 or rest >= K
