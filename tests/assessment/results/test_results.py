"""Tests what a closed round shows, by role: the table, the findings, an area's indicators, the notes."""

import re
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from engage.assessment.questions import frozen
from engage.assessment.results.rules.findings import FindingOrder
from engage.coalitions.models import Membership, MembershipDiscipline
from engage.content.loader import content
from engage.extensions import db
from engage.plan.models import Action
from engage.strengths.models import Need
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_closed_round,
    make_coalition,
    make_membership,
    make_response,
    make_round,
    saved,
)
from tests.html import Page, words

HERE = "/c/riverbend/assessment/"
AREAS = content().areas
KEYS = [each.key for each in content().indicators]
IN_FIRST = [each.key for each in content().indicators_in(AREAS[0].key)]
IN_LAST = [each.key for each in content().indicators_in(AREAS[-1].key)]


def everywhere(rating: int | str, **others: object) -> dict[str, object]:
    return {**dict.fromkeys(KEYS, rating), **others}


def three_by_two() -> list[tuple[str, dict[str, object]]]:
    """Returns three from health who see needs, three from schools who see strengths, one of justice."""
    return [
        *[("health", everywhere(1))] * 3,
        *[("schools", everywhere(3))] * 3,
        ("justice", everywhere(4)),
    ]


def table_of(page: Page, panel: str = "#assessment-table") -> tuple[list[str], dict[str, list[str]]]:
    rows = {}
    for row in page.all(f"{panel} tbody tr"):
        cells = [" ".join(cell.text(separator=" ").split()) for cell in row.css("td")]
        rows[" ".join(row.css_first("th").text().split())] = cells
    return page.texts(f"{panel} thead th"), rows


def test_the_results_say_the_result_first_and_show_areas_by_sector_group(member: EngageClient) -> None:
    low = {**everywhere(3), **dict.fromkeys(IN_FIRST, 1)}
    round_ = make_closed_round([("health", low)] * 3 + [("schools", low)] * 4)
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    assert page.text("h1") == "What 7 of us said"
    assert page.text("#assessment-headline").startswith(f"Weakest: {AREAS[0].name} (1.0). Strongest: ")
    columns, rows = table_of(page)
    assert columns == [
        "Focus area",
        "All (7)",
        "Justice",
        "Care and health (3)",
        "Schools and youth (4)",
        "Faith, community, and labor",
        "Government and tribal nations",
        "Business and media",
    ]
    hidden = "– not shown"
    assert rows[AREAS[0].short] == ["1.0 low", hidden, "1.0 low", "1.0 low", hidden, hidden, hidden]
    assert rows[AREAS[1].short][0] == "3.0 strong"


def test_unions_and_tribes_are_not_counted_with_employers(member: EngageClient) -> None:
    people = [("labor", everywhere(4)), ("civic", everywhere(4)), ("faith", everywhere(4))]
    people += [("tribal", everywhere(3)), ("government", everywhere(3)), ("government", everywhere(3))]
    round_ = make_closed_round([*people, *[("business", everywhere(0))] * 3])
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    columns, rows = table_of(page)
    assert columns[-3:] == [
        "Faith, community, and labor (3)",
        "Government and tribal nations (3)",
        "Business and media (3)",
    ]
    assert rows[AREAS[0].short][-3:] == ["4.0 strong", "3.0 strong", "0.0 low"]
    assert not page.all("#assessment-groups-note")


def test_a_round_from_before_keeps_its_groups_through_a_reopening_and_says_so(
    coordinator: EngageClient, member: EngageClient
) -> None:
    labor = [("labor", everywhere(4)), ("tribal", everywhere(4)), ("child_welfare", everywhere(4))]
    round_ = make_closed_round([*labor, *[("justice", everywhere(1))] * 3], grouping=1)
    here = f"{HERE}rounds/{round_.id}/"
    pages = [member.page(f"{here}results/")]
    coordinator.send(f"{here}reopen", reason="A clinic was late.", closes_on="2030-01-01")
    for _number in range(3):
        make_response(round_, make_membership(), everywhere(2), sector="business")
    coordinator.send(f"{here}close")
    pages += [member.page(f"{here}results/"), member.page(f"{here}releases/1")]
    for page, count in zip(pages, (3, 6, 3), strict=True):
        columns, rows = table_of(page)
        assert columns[2:] == [
            "Justice (3)",
            "Care and health",
            "Schools and youth",
            "Faith and community",
            f"Business and government ({count})",
        ]
        assert rows[AREAS[0].short][-1] == {3: "4.0 strong", 6: "3.0 strong"}[count]
        assert "counted with employers here, under “Business and government”" in page.text(
            "#assessment-groups-note"
        )
    area = member.page(f"{here}results/{AREAS[0].key}")
    assert area.all("#assessment-groups-note")


def test_hidden_and_empty_groups_look_the_same(member: EngageClient) -> None:
    round_ = make_closed_round([*three_by_two(), ("government", everywhere(0))])
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    looks = {
        cell.html
        for row in page.all("#assessment-table tbody tr")
        for cell in row.css("td")
        if "heat-hidden" in (cell.attributes["class"] or "")
    }
    assert len(looks) == 1


def test_without_a_group_to_show_all_and_agreement_lead(member: EngageClient) -> None:
    round_ = make_closed_round(
        [("health", everywhere(1)), ("faith", everywhere(2)), ("justice", everywhere(3))]
    )
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    columns, rows = table_of(page)
    assert columns == ["Focus area", "All (3)", "How much we agree"]
    assert rows[AREAS[0].short] == ["2.0 growing", f"0 of {len(IN_FIRST)} close together"]
    assert not page.all(".heat-hidden")
    assert listed(page)[AREAS[0].short] == [
        "All (3): 2.0 growing",
        f"How much we agree: 0 of {len(IN_FIRST)} close together",
    ]


def test_fewer_than_k_answers_show_nothing_and_say_why_and_what_to_do(
    member: EngageClient, coordinator: EngageClient, viewer: EngageClient
) -> None:
    round_ = make_closed_round([("health", everywhere(1)), ("health", everywhere(1))])
    for person in (member, coordinator, viewer):
        page = person.page(f"{HERE}rounds/{round_.id}/results/")
        assert page.text("h1") == "Too few answers to show anything"
        assert "Too few people finished their answers" in page.text("#assessment-headline")
        assert "ask more people" in page.text("#assessment-nothing")
        assert not page.all("table")
    assert coordinator.page(f"{HERE}rounds/{round_.id}/results/").all("a.btn-primary")
    assert member.get(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}").status_code == 404
    assert member.page(HERE).has("Too few people answered, so nothing is shown.")


def test_the_results_say_what_a_median_is(member: EngageClient) -> None:
    round_ = make_closed_round(three_by_two())
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    assert "The median is the rating in the middle" in page.text("#assessment-table")


def test_an_open_round_has_no_results(coordinator: EngageClient, member: EngageClient) -> None:
    round_ = make_round()
    for person in (coordinator, member):
        assert person.get(f"{HERE}rounds/{round_.id}/results/").status_code == 404
        assert person.get(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}").status_code == 404


def test_findings_name_gaps_strengths_differences_and_who_may_know(member: EngageClient) -> None:
    said = everywhere(2)
    mixed = [
        {**said, KEYS[0]: rating, KEYS[1]: 4, KEYS[2]: low, KEYS[3]: "dont_know"}
        for rating, low in ((0, 1), (2, 0), (4, 0), (4, 0))
    ]
    round_ = make_closed_round([("health", answers) for answers in mixed])
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    title = {key: content().indicator(key).title for key in KEYS}
    assert f"4 of 4 rated “{title[KEYS[2]]}” 0 or 1." in page.text("#assessment-headline")
    assert page.text("#assessment-gaps li:first-child .row-link") == title[KEYS[2]]
    assert "4 of 4 rated it 0 Absent or 1 Starting." in page.text("#assessment-gaps li:first-child p")
    assert page.text("#assessment-strengths li:first-child .row-link") == title[KEYS[1]]
    assert page.text("#assessment-differ li:first-child .row-link") == title[KEYS[0]]
    assert "Ratings range from 0 Absent to 4 Sustained." in page.text("#assessment-differ li:first-child p")
    assert page.text("#assessment-unknown li:first-child .row-link") == title[KEYS[3]]
    assert page.text("#assessment-unknown li:first-child p").startswith("4 of 4 do not know.")


def test_five_gaps_and_five_strengths_stand_in_sentences_with_counts(member: EngageClient) -> None:
    lows, highs = KEYS[:7], KEYS[10:17]
    said = {**everywhere(2), **dict.fromkeys(lows, 1), **dict.fromkeys(highs, 4)}
    round_ = make_closed_round([("health", said)] * 4)
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    title = {key: content().indicator(key).title for key in KEYS}
    assert page.texts("#assessment-gaps .row-link") == [title[key] for key in lows[:5]]
    assert page.texts("#assessment-strengths .row-link") == [title[key] for key in highs[:5]]
    assert page.text("#assessment-strengths li:first-child p") == (
        "4 of 4 rated it 3 Established or 4 Sustained. Median rating 4.0 of 4 (strong), from 4 people."
    )


def test_what_we_do_not_know_says_who_here_could_find_out_and_who_is_missing(member: EngageClient) -> None:
    key = next(each.key for each in content().indicators if len(named(each.key)) > 1)
    first, *others = named(key)
    make_person_with(first)
    make_person_with(others[0], left_on=date(2026, 1, 1))
    theirs = make_person_with(others[0], coalition=make_coalition())
    assert theirs.coalition_id != member.membership.coalition_id
    round_ = make_closed_round([("health", everywhere(2, **{key: "dont_know"}))] * 3)
    said = member.page(f"{HERE}rounds/{round_.id}/results/").text("#assessment-unknown li:first-child p")
    name = {each: content().discipline(each).name for each in named(key)}
    *some, last = (name[each] for each in others)
    missing = f"{', '.join(some)}, and {last}"
    assert f"Here and likely to know: {name[first]}." in said
    assert f"Likely to know, but not here yet: {missing}." in said


def test_no_one_says_whether_someone_here_has_lived_experience(member: EngageClient) -> None:
    key = next(each.key for each in content().indicators if "lived_experience" in each.ask)
    round_ = make_closed_round([("health", everywhere(2, **{key: "dont_know"}))] * 3)
    said = member.page(f"{HERE}rounds/{round_.id}/results/").text("#assessment-unknown li:first-child p")
    name = content().discipline("lived_experience").name
    assert said.count(name) == 1
    assert name in said[said.index("May also know: ") :]


def named(key: str) -> list[str]:
    """Returns the disciplines of an indicator that a person may have."""
    offered = {each.key for each in content().person_disciplines()}
    return [each for each in content().indicator(key).ask if each in offered]


def make_person_with(discipline: str, **overrides: Any) -> Membership:
    person = make_membership(**overrides)
    saved(
        MembershipDiscipline(coalition_id=person.coalition_id, membership_id=person.id, discipline=discipline)
    )
    return person


def test_everyone_who_does_not_know_is_said_plainly_without_an_empty_table(
    member: EngageClient, viewer: EngageClient
) -> None:
    round_ = make_closed_round([("health", everywhere("dont_know"))] * 4)
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    assert page.text("h1") == "What 4 of us said"
    assert "No focus area has enough ratings yet" in page.text("#assessment-headline")
    assert "a finding too" in page.text("#assessment-unrated")
    assert not page.all("main table")
    assert not page.all("svg.wheel")
    assert len(page.all("#assessment-unknown li")) == 5
    assert page.text("#assessment-unknown li:first-child p").startswith("4 of 4 do not know.")
    assert "stands below" not in viewer.page(f"{HERE}rounds/{round_.id}/results/").text("#assessment-unrated")


def test_the_wheel_has_a_wedge_an_area_as_long_as_the_table_says(member: EngageClient) -> None:
    low = {**everywhere(4), **dict.fromkeys(IN_FIRST, 1), **dict.fromkeys(IN_LAST, "dont_know")}
    round_ = make_closed_round([("health", low)] * 3)
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    results = f"{HERE}rounds/{round_.id}/results/"
    links = page.all("#assessment-wheel svg a")
    assert [link.attributes["href"] for link in links] == [results + area.key for area in AREAS]
    labels = [link.attributes["aria-label"] for link in links]
    assert labels[:2] == [f"{AREAS[0].short} 1.0 low", f"{AREAS[1].short} 4.0 strong"]
    assert labels[-1] == f"{AREAS[-1].short} not shown"
    lengths = [re.search(r"A(\S+) ", link.css_first("path").attributes["d"] or "") for link in links]
    short, whole, *_rest = (float(found[1]) for found in lengths if found)
    assert whole == 4 * short
    assert " ".join(labels[0].split()) in (page.one("svg.wheel").attributes["aria-label"] or "")


def test_the_wheel_outlines_the_earlier_round_where_both_can_be_compared(viewer: EngageClient) -> None:
    # In the last area the two numbers do not rest on the same statements.
    lost = everywhere(2, **{IN_LAST[0]: "dont_know"})
    make_closed_round([("health", lost)] * 3, title="First round")
    round_ = make_closed_round([("health", everywhere(3, **{IN_LAST[0]: 1}))] * 3)
    page = viewer.page(f"{HERE}rounds/{round_.id}/results/")
    assert len(page.all(".wheel-before")) == len(AREAS) - 1
    assert f"{AREAS[0].short} 3.0 strong, was 2.0;" in (page.one("svg.wheel").attributes["aria-label"] or "")
    assert "The dotted outline is “First round”." in page.text("#assessment-wheel")


def test_a_viewers_wheel_leads_nowhere(viewer: EngageClient) -> None:
    round_ = make_closed_round(three_by_two())
    picture = viewer.page(f"{HERE}rounds/{round_.id}/results/").one("svg.wheel")
    assert not picture.css("a")
    assert picture.attributes["role"] == "img"


@pytest.mark.parametrize(("areas", "drawn"), [(2, False), (3, True), (6, True)])
def test_two_areas_are_no_wheel(member: EngageClient, areas: int, drawn: bool) -> None:
    whole = frozen(content(), "en")
    some = replace(whole, areas=whole.areas[:areas])
    said = {each.key: 2 for area in some.areas for each in area.questions}
    round_ = make_closed_round([("health", said)] * 3, questions=some.to_json())
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    assert bool(page.all("svg.wheel")) is drawn
    assert len(page.all("#assessment-table tbody tr")) == areas


@pytest.mark.parametrize("rows", ["tbody tr", ".heat-narrow > li"])
def test_each_area_is_one_link_in_the_table_and_in_a_phones_list(member: EngageClient, rows: str) -> None:
    round_ = make_closed_round(three_by_two())
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    for row, area in zip(page.all(f"#assessment-table {rows}"), AREAS, strict=True):
        links = [(words(link), link.attributes["href"]) for link in row.css("a")]
        assert links == [(area.short, f"{HERE}rounds/{round_.id}/results/{area.key}")]


def test_on_a_phone_an_area_is_a_list_of_its_groups_that_counts_the_hidden_ones(member: EngageClient) -> None:
    round_ = make_closed_round(three_by_two())
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    columns, rows = table_of(page)
    hidden = rows[AREAS[0].short].count("– not shown")
    assert hidden > 1
    shown = [
        f"{column}: {said}"
        for column, said in zip(columns[1:], rows[AREAS[0].short], strict=True)
        if said != "– not shown"
    ]
    assert listed(page)[AREAS[0].short] == [*shown, f"{hidden} groups not shown"]


def listed(page: Page) -> dict[str, list[str]]:
    """What the list says of each row of the table."""
    return {
        words(row.css_first(".row-link")): [words(each) for each in row.css(".heat-said > li")]
        for row in page.all(".heat-narrow > li")
    }


def test_an_area_shows_each_indicators_middle_spread_and_dont_knows(member: EngageClient) -> None:
    first = IN_FIRST[0]
    answers = [everywhere(2, **{first: said}) for said in (0, 2, 4, 4, "dont_know", "dont_know", "dont_know")]
    round_ = make_closed_round([("health", each) for each in answers])
    page = member.page(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}")
    panel = f"#{first}"
    assert page.text(f"{panel} .tag") == "3.0 strong"
    assert page.texts(f"{panel} .spread-count") == ["1", "0", "1", "0", "2", "3"]
    assert "Ratings range from 0 Absent to 4 Sustained." in page.text(panel)
    assert "3 of 7 do not know." in page.text(panel)
    assert not page.all("#assessment-groups")


def test_an_area_shows_groups_where_each_has_enough_ratings(member: EngageClient) -> None:
    unsure = everywhere(1, **{IN_FIRST[0]: "dont_know"})
    said = [("health", unsure), *[("health", everywhere(1))] * 2, *[("schools", everywhere(3))] * 3]
    round_ = make_closed_round(said)
    page = member.page(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}")
    columns, rows = table_of(page, "#assessment-groups")
    care, schools = columns.index("Care and health (3)") - 1, columns.index("Schools and youth (3)") - 1
    few, enough = (rows[content().indicator(key).title] for key in IN_FIRST[:2])
    # Two ratings of care and health; beside All, those of schools would give them away.
    assert (few[care], few[schools]) == ("– not shown", "– not shown")
    assert (enough[care], enough[schools]) == ("1.0 low", "3.0 strong")
    # The statement leads to its own part of the page.
    links = [each.attributes["href"] for each in page.all("#assessment-groups tbody tr")[1].css("a")]
    assert links == [f"#{IN_FIRST[1]}"]


def test_only_coordinators_see_notes_from_k_notes_on(coordinator: EngageClient, member: EngageClient) -> None:
    noted, few = IN_FIRST[:2]
    answers = [everywhere(2, **{noted: (1, f"Note {number}"), few: 1}) for number in range(3)]
    for number in range(2):
        answers[number][few] = (1, f"Secret {number}")
    round_ = make_closed_round([("health", each) for each in answers])
    path = f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}"
    page = coordinator.page(path)
    assert sorted(page.texts(f"#{noted} .note-list li")) == ["Note 0", "Note 1", "Note 2"]
    assert "Secret" not in page.html
    assert "Note " not in member.page(path).html


def test_viewers_see_the_table_of_areas_and_nothing_of_indicators(viewer: EngageClient) -> None:
    round_ = make_closed_round(three_by_two())
    page = viewer.page(f"{HERE}rounds/{round_.id}/results/")
    assert page.all("#assessment-table table")
    assert not page.all("#assessment-table a")
    assert not page.all("#assessment-gaps")
    assert not any(content().indicator(key).title in page.text("main") for key in KEYS)
    assert viewer.get(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}").status_code == 403


def test_results_come_from_the_stored_release(member: EngageClient) -> None:
    round_ = make_closed_round([("health", everywhere(1))] * 3)
    db.session.execute(sa.text("DELETE FROM assessment_response"))
    db.session.commit()
    assert table_of(member.page(f"{HERE}rounds/{round_.id}/results/"))[1][AREAS[0].short][0] == "1.0 low"


def test_the_number_of_queries_does_not_grow_with_respondents(coordinator: EngageClient) -> None:
    counts = []
    for people in (10, 60):
        answers = everywhere(1, **{IN_FIRST[0]: (2, "A note")})
        round_ = make_closed_round([("health", answers)] * people)
        for path in (
            HERE,
            f"{HERE}rounds/{round_.id}/results/",
            f"{HERE}rounds/{round_.id}/results.csv",
            f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}",
        ):
            with counted_queries() as statements:
                coordinator.page(path)
            counts.append(len(statements))
    assert counts[:4] == counts[4:]


def test_an_indicator_becomes_an_action_with_one_click_and_both_link(member: EngageClient) -> None:
    round_ = make_closed_round([("health", everywhere(1))] * 3)
    key, results = IN_FIRST[0], f"{HERE}rounds/{round_.id}/results/"
    page = member.page(results + AREAS[0].key)
    form = page.one(f"#{key} .make-action form")
    assert form.css("button")[0].text(strip=True).startswith("Make this an action")
    page = member.send(str(form.attributes["action"]))
    action = db.session.scalars(sa.select(Action)).one()
    assert (page.status, page.location) == (303, f"/c/riverbend/plan/actions/{action.number}/edit")
    assert (action.title, action.round_id, action.indicator, action.created_by_id) == (
        content().indicator(key).title,
        round_.id,
        key,
        member.membership.id,
    )
    link = member.page(results + AREAS[0].key).one(f"#{key} .make-action a")
    here = f"/c/riverbend/plan/actions/{action.number}"
    assert link.attributes["href"] == here
    assert member.page(here).all(f"main a[href^='{HERE}']")


def test_what_we_differ_on_goes_on_the_discussion_list_and_back_to_the_results(member: EngageClient) -> None:
    said = [everywhere(2, **{KEYS[0]: rating}) for rating in (0, 2, 4)]
    round_ = make_closed_round([("health", each) for each in said])
    results = f"{HERE}rounds/{round_.id}/results/"
    form = member.page(results).one("#assessment-differ li:first-child form")
    page = member.send(str(form.attributes["action"]))
    assert (page.status, page.location) == (303, f"{results}#assessment-differ")
    assert "On the discussion list" in member.page(results).text("#assessment-differ li:first-child")


def test_each_card_leads_to_all_statements_in_its_order(member: EngageClient) -> None:
    mixed = [everywhere(2, **{KEYS[0]: rating, KEYS[1]: "dont_know"}) for rating in (0, 2, 4)]
    round_ = make_closed_round([("health", each) for each in mixed])
    page = member.page(f"{HERE}rounds/{round_.id}/results/")
    for card, order in (
        ("gaps", FindingOrder.GAP),
        ("differ", FindingOrder.DISAGREEMENT),
        ("unknown", FindingOrder.DONT_KNOW),
    ):
        link = page.one(f"#assessment-{card} .card-more a").attributes["href"] or ""
        assert link.endswith(f"/agreement/?sort={order}")
    assert not page.all("#assessment-strengths .card-more")


def test_a_gap_becomes_a_need_with_one_click_and_an_action_then_answers_it(member: EngageClient) -> None:
    round_ = make_closed_round([("health", everywhere(1))] * 3)
    results = f"{HERE}rounds/{round_.id}/results/"
    page = member.page(results)
    # One primary button: the first gap that no one works on yet.
    assert len(page.all(".btn-primary")) == 1
    form = page.one("#assessment-gaps li:first-child .work-on form:has(.btn-primary)")
    assert words(form.css_first("button")) == f"Work on this : {content().indicator(KEYS[0]).title}"
    page = member.send(str(form.attributes["action"]))
    need = db.session.scalars(sa.select(Need)).one()
    assert (page.status, page.location) == (303, f"/c/riverbend/strengths/needs/{need.number}/")
    assert (need.round_id, need.indicator) == (round_.id, KEYS[0])
    page = member.page(results)
    first, second = (page.one(f"#assessment-gaps li:nth-child({place}) .work-on") for place in (1, 2))
    assert first.css_first("a").attributes["href"] == f"/c/riverbend/strengths/needs/{need.number}/"
    assert words(second.css_first(".btn-primary")).startswith("Work on this")
    page = member.send(str(first.css_first("form").attributes["action"]))
    assert db.session.scalars(sa.select(Action)).one().need_id == need.id
    # What it asks for is on the page that it leads to.
    assert page.location == "/c/riverbend/plan/actions/1/edit"
    page = member.page(page.location)
    assert (
        page.has("Choose an owner and a due date")
        and page.one("[name=owner_id]")
        and page.one("[name=due_on]")
    )
    links = member.page(results).all("#assessment-gaps li:first-child .work-on a")
    assert [words(link).split(" :")[0] for link in links] == ["Need 1", "Action 1"]
    links = member.page(results + AREAS[0].key).all(f"#{KEYS[0]} .work-on a")
    assert [words(link).split(" :")[0] for link in links] == ["Need 1", "Action 1"]


def test_an_indicator_pressed_twice_is_one_action_that_answers_one_need(member: EngageClient) -> None:
    round_ = make_closed_round([("health", everywhere(1))] * 3)
    for _again in range(2):
        page = member.send(f"{HERE}rounds/{round_.id}/results/actions/{KEYS[0]}")
        assert page.location == "/c/riverbend/plan/actions/1/edit"
    (action,) = db.session.scalars(sa.select(Action)).all()
    (need,) = db.session.scalars(sa.select(Need)).all()
    assert (action.need_id, need.indicator, need.round_id) == (need.id, KEYS[0], round_.id)
    form = member.page("/c/riverbend/plan/actions/1/edit")
    assert form.one("[name=need_id] option[selected]").attributes["value"] == str(need.id)


def test_a_strength_is_no_gap_to_work_on(member: EngageClient) -> None:
    round_ = make_closed_round([("health", everywhere(1, **{IN_FIRST[0]: 4}))] * 3)
    page = member.page(f"{HERE}rounds/{round_.id}/results/{AREAS[0].key}")
    buttons = {
        key: [words(each).split(" :")[0] for each in page.all(f"#{key} .btn-quiet")] for key in IN_FIRST[:2]
    }
    assert "Work on this" not in buttons[IN_FIRST[0]]
    assert "Work on this" in buttons[IN_FIRST[1]]


def test_only_a_shown_indicator_of_ones_own_becomes_an_action(
    member: EngageClient, viewer: EngageClient
) -> None:
    shown = make_closed_round([("health", everywhere(1))] * 3)
    few = make_closed_round([("health", everywhere(1))])
    open_ = make_round()
    theirs = make_closed_round([("health", everywhere(1))] * 3, coalition=make_coalition())
    assert viewer.send(f"{HERE}rounds/{shown.id}/results/actions/{KEYS[0]}").status == 403
    assert member.send(f"{HERE}rounds/{shown.id}/results/actions/nothing").status == 404
    for round_ in (few, open_, theirs):
        assert member.send(f"{HERE}rounds/{round_.id}/results/actions/{KEYS[0]}").status == 404
    assert db.session.scalars(sa.select(Action)).all() == []
