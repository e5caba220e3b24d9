"""Two rounds side by side: areas, indicators, what cannot be compared, and what was done in between."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from msgspec.structs import replace

from engage.assessment.models import Round
from engage.assessment.questions import QuestionSet, frozen
from engage.content.loader import content
from engage.extensions import db
from engage.plan.models import Action
from engage.plan.rules import ActionStatus
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_agreed,
    make_closed_round,
    make_coalition,
    make_goal,
    make_plan,
    make_round,
)
from tests.html import Page

HERE = "/c/riverbend/assessment/"
AREAS = content().areas
KEYS = [each.key for each in content().indicators]
FIRST, SECOND = KEYS[:2]
IN_FIRST = [each.key for each in content().indicators_in(AREAS[0].key)]


def title(key: str) -> str:
    return content().indicator(key).title


def closed(year: int, rating: int = 1, people: int = 3, **said: Any) -> Round:
    """Makes a round closed on the last of November of that year, in the evening of the coalition's time zone."""
    questions = said.pop("questions", None)
    more = {"questions": questions.to_json()} if questions is not None else {}
    answers = {**dict.fromkeys(KEYS, rating), **said}
    round_ = make_closed_round([("health", answers)] * people, title=f"Assessment {year}", **more)
    round_.closed_at = datetime(year, 12, 1, 3, tzinfo=UTC)
    db.session.commit()
    return round_


def without(key: str, *, meaning: int | None = None) -> QuestionSet:
    """Returns the content's questions without this one, or with a new meaning of it."""
    whole = frozen(content(), "en")
    areas = []
    for area in whole.areas:
        kept = [each for each in area.questions if each.key != key or meaning]
        kept = [replace(each, meaning=meaning) if each.key == key and meaning else each for each in kept]
        areas.append(replace(area, questions=tuple(kept)))
    return replace(whole, areas=tuple(areas))


def row(page: Page, panel: str, label: str) -> list[str]:
    """Returns the cells of the row with this heading, without the labels that phones show in place of headings."""
    for line in page.all(f"{panel} tbody tr"):
        if " ".join(line.css_first("th").text().split()) == label:
            cells = [" ".join(cell.text(separator=" ").split()) for cell in line.css("td")]
            return [cells[0].removeprefix("Then "), cells[1].removeprefix("Now "), *cells[2:]]
    raise AssertionError(f"no row {label}")


def done(title: str, on: date, **values: Any) -> Action:
    """Makes a done action of the one plan."""
    return make_action(values.pop("plan"), title=title, status=ActionStatus.DONE, done_on=on, **values)


def test_areas_and_indicators_stand_side_by_side_with_what_moved(member: EngageClient) -> None:
    before, after = closed(2025, 1), closed(2026, 1, **{FIRST: 3, SECOND: 0})
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")
    assert page.texts("#assessment-compared thead th")[1:3] == ["Assessment 2025", "Assessment 2026"]
    mean = 1 + (2 - 1) / len(IN_FIRST)
    assert row(page, "#assessment-compared", AREAS[0].short)[:3] == [
        "1.0 low",
        f"{mean:.1f} low",
        "▲ up 0.1",
    ]
    panel = f"#area-{AREAS[0].key}"
    assert row(page, panel, title(FIRST))[:3] == ["1.0 low", "3.0 strong", "▲ up 2.0"]
    assert row(page, panel, title(SECOND))[:3] == ["1.0 low", "0.0 low", "▼ down 1.0"]
    assert (
        row(page, f"#area-{AREAS[1].key}", content().indicators_in(AREAS[1].key)[0].title)[2] == "= no change"
    )
    said = page.text("#assessment-moves")
    assert said == f"1 statement is up. 1 is down. {len(KEYS) - 2} have not moved."


def test_every_number_leads_to_where_its_round_shows_it(member: EngageClient) -> None:
    before, after = closed(2025, 1), closed(2026, 3, questions=without(FIRST))
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")

    def links(panel: str) -> list[str | None]:
        return [each.attributes["href"] for each in page.all(f"{panel} tbody tr:first-child td .heat-link")]

    then, now = (f"{HERE}rounds/{each.id}/results/{AREAS[0].key}" for each in (before, after))
    assert links("#assessment-compared") == [then, now]
    # What is now the area's last line was asked in the first round alone.
    assert links(f"#area-{AREAS[0].key}") == [f"{then}#{SECOND}", f"{now}#{SECOND}"]
    last = page.all(f"#area-{AREAS[0].key} tbody tr")[-1]
    assert [each.attributes["href"] for each in last.css(".heat-link")] == [f"{then}#{FIRST}"]
    for round_ in (before, after):
        assert page.one(f"h1 ~ p a[href='{HERE}rounds/{round_.id}/results/']").text() == round_.title


def test_an_areas_statements_are_folded_and_its_row_leads_to_them_opened(member: EngageClient) -> None:
    before, after = closed(2025, 1), closed(2026, 3)
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")
    assert not page.all("details.fold[open]")
    links = [link.attributes["href"] or "" for link in page.all("#assessment-compared th a")]
    address, _hash, target = links[1].partition("#")
    (opened,) = member.page(address).all("details.fold[open]")
    assert opened.attributes["id"] == target == f"area-{AREAS[1].key}"


def test_without_columns_each_number_says_whether_it_is_then_or_now(member: EngageClient) -> None:
    closed(2025)
    closed(2026)
    cells = member.page(f"{HERE}compare").all("#assessment-compared tbody tr:first-child td")
    assert [cell.css_first(".only-narrow").text() for cell in cells[:2]] == ["Then", "Now"]


def test_what_is_not_comparable_says_so(member: EngageClient) -> None:
    before = closed(2025, 1, questions=without(SECOND))
    after = closed(2026, 1, questions=without(FIRST, meaning=9), **{KEYS[2]: "dont_know"})
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")
    panel = f"#area-{AREAS[0].key}"
    assert row(page, panel, title(FIRST))[2] == "Not compared: asked as a new question in “Assessment 2026”."
    assert row(page, panel, title(SECOND))[2] == "Not compared: not asked in “Assessment 2025”."
    hidden = row(page, panel, title(KEYS[2]))
    assert hidden[1:3] == ["– not shown", "Not compared: no number is shown in “Assessment 2026”."]
    assert page.text("#assessment-moves").endswith("3 cannot be compared.")
    assert (
        "Based on the 4 of 7 statements that both rounds show."
        in row(page, "#assessment-compared", AREAS[0].short)[2]
    )


def test_an_indicator_hidden_between_two_rounds_is_still_on_the_page(member: EngageClient) -> None:
    before, after = closed(2025, 1, **{FIRST: 4}), closed(2026, 1, questions=without(FIRST))
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")
    cells = row(page, f"#area-{AREAS[0].key}", title(FIRST))
    assert cells[:3] == ["4.0 strong", "– not shown", "Not compared: not asked in “Assessment 2026”."]
    # The area is counted on what both asked, so that hiding moves nothing.
    assert row(page, "#assessment-compared", AREAS[0].short)[2].startswith("= no change")


def test_an_agreed_value_is_compared_and_says_that_it_is_one(member: EngageClient) -> None:
    before, after = closed(2025, 1), closed(2026, 1)
    make_agreed(after, FIRST, 2.5)
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")
    assert row(page, f"#area-{AREAS[0].key}", title(FIRST))[:3] == [
        "1.0 low",
        "2.5 growing, agreed",
        "▲ up 1.5",
    ]


def test_what_was_done_in_between_stands_on_the_line_it_answers(member: EngageClient) -> None:
    before, after = closed(2025), closed(2026)
    plan = make_plan()
    goal = make_goal(plan, area=AREAS[1].key)
    done("Teach in two schools", date(2026, 3, 1), plan=plan, round_id=before.id, indicator=FIRST)
    done("Write it down", date(2026, 4, 1), plan=plan, goal=goal)
    done("Sweep the hall", date(2026, 5, 1), plan=plan)
    # On the day of closing, in the evening there and already December in London.
    done("Just in time", date(2026, 11, 30), plan=plan, round_id=before.id, indicator=FIRST)
    done("On the first closing", date(2025, 11, 30), plan=plan, round_id=before.id, indicator=FIRST)
    done("Too late", date(2026, 12, 1), plan=plan, round_id=before.id, indicator=FIRST)
    make_action(plan, title="Not done", round_id=before.id, indicator=FIRST)
    page = member.page(f"{HERE}compare?before={before.id}&after={after.id}")
    line = row(page, f"#area-{AREAS[0].key}", title(FIRST))[3]
    assert "Teach in two schools done on Mar 1, 2026" in line
    assert "Just in time" in line
    assert "Teach in two schools" in row(page, "#assessment-compared", AREAS[0].short)[3]
    assert "Write it down" in row(page, "#assessment-compared", AREAS[1].short)[3]
    assert row(page, f"#area-{AREAS[0].key}", title(SECOND))[3] == "nothing recorded"
    assert "Sweep the hall" in page.text("#assessment-elsewhere")
    for title_ in ("On the first closing", "Too late", "Not done"):
        assert not page.has(title_)
    assert page.has("what was done in between may not be why a number changed")


def test_the_earlier_round_comes_first_whatever_the_address_says(member: EngageClient) -> None:
    before, after = closed(2025, 1), closed(2026, 2)
    page = member.page(f"{HERE}compare?before={after.id}&after={before.id}")
    assert page.texts("#assessment-compared thead th")[1:3] == ["Assessment 2025", "Assessment 2026"]
    assert page.one("#assessment-before option[selected]").attributes["value"] == str(before.id)


def test_without_a_choice_the_latest_is_compared_with_the_one_before(member: EngageClient) -> None:
    closed(2023, 1)
    middle, last = closed(2024, 2), closed(2026, 3)
    page = member.page(f"{HERE}compare")
    assert page.texts("#assessment-compared thead th")[1:3] == ["Assessment 2024", "Assessment 2026"]
    page = member.page(f"{HERE}compare?after={middle.id}")
    assert page.texts("#assessment-compared thead th")[1:3] == ["Assessment 2023", "Assessment 2024"]
    assert member.page(f"{HERE}compare?before={last.id}&after={last.id}").has("Choose two different rounds")


def test_with_one_round_or_nothing_in_common_the_page_says_so(member: EngageClient) -> None:
    assert member.page(f"{HERE}compare").has("Nothing to compare yet")
    closed(2025, 1)
    assert member.page(f"{HERE}compare").has("When two rounds are closed")
    make_closed_round([("health", {FIRST: 1})], title="Too few")
    assert member.page(f"{HERE}compare").has("When two rounds are closed")
    only_first = dict.fromkeys(KEYS, "dont_know")
    closed(2026, 1, **only_first)
    assert member.page(f"{HERE}compare").has("No earlier round asked the same statements.")


def test_a_viewer_sees_areas_and_actions_and_no_indicator(viewer: EngageClient) -> None:
    before, after = closed(2025, 1), closed(2026, 3)
    done("Teach in two schools", date(2026, 3, 1), plan=make_plan(), round_id=before.id, indicator=FIRST)
    page = viewer.page(f"{HERE}compare?before={before.id}&after={after.id}")
    assert row(page, "#assessment-compared", AREAS[0].short)[2] == "▲ up 2.0"
    assert page.has("Teach in two schools")
    assert not any(title(key) in page.text("main") for key in KEYS)
    assert not page.all("#assessment-compared th a, .heat-link")
    assert "43" not in page.text("#assessment-moves")


@pytest.mark.parametrize("name", ["before", "after"])
def test_only_ones_own_closed_rounds_are_compared(member: EngageClient, name: str) -> None:
    closed(2025)
    theirs = make_closed_round([("health", {FIRST: 1})] * 3, coalition=make_coalition())
    few, open_ = make_closed_round([("health", {FIRST: 1})]), make_round()
    for said in (theirs.id, few.id, open_.id, 999, "x", "1" * 40):
        assert member.get(f"{HERE}compare?{name}={said}").status_code == 404


def test_the_number_of_queries_does_not_grow(member: EngageClient) -> None:
    before, after = closed(2025), closed(2026, people=30)
    path = f"{HERE}compare?before={before.id}&after={after.id}"
    plan, counts = make_plan(), []
    for many in (1, 30):
        for _ in range(many):
            done("Something", date(2026, 3, 1), plan=plan, round_id=before.id, indicator=FIRST)
        with counted_queries() as statements:
            member.page(path)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_index_and_the_results_lead_to_both(member: EngageClient, viewer: EngageClient) -> None:
    closed(2025)
    after = closed(2026)
    assert member.page(HERE).all(f"a[href='{HERE}compare']")
    links = [
        each.attributes["href"] for each in member.page(f"{HERE}rounds/{after.id}/results/").all(".pills a")
    ]
    assert links[1:] == [f"{HERE}rounds/{after.id}/agreement/", f"{HERE}compare?after={after.id}"]
    links = [
        each.attributes["href"] for each in viewer.page(f"{HERE}rounds/{after.id}/results/").all(".pills a")
    ]
    assert links[1:] == [f"{HERE}compare?after={after.id}"]
    assert not viewer.page(HERE).all(f"a[href='{HERE}discussion/']")
