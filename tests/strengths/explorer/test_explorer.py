"""The explorer and what is left on both sides, over HTTP."""

from collections.abc import Callable

import pytest

from engage import clock
from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.plan.actions.service import create_action
from engage.strengths import service
from engage.strengths.models import Need
from engage.strengths.rules import MatchState
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_affiliation,
    make_closed_round,
    make_coalition,
    make_membership,
    make_organization,
    make_plan,
    saved,
)
from tests.html import Page
from tests.strengths.rows import make_match, make_need, make_strength

Client = Callable[[Membership], EngageClient]
BASE = "/c/riverbend/strengths/"
TODAY = clock.today("America/Chicago")
ROWS = "table tbody tr"


def give_discipline(person: Membership, discipline: str) -> None:
    values = {"coalition_id": person.coalition_id, "membership_id": person.id}
    saved(MembershipDiscipline(**values, discipline=discipline))


def titles(page: Page) -> list[str]:
    return page.texts(f"{ROWS} .what > a")


# -- the explorer


def test_without_a_need_the_page_says_what_will_be_here_and_how_to_begin(member: EngageClient) -> None:
    page = member.page(BASE)
    assert page.text(".empty h2") == "No needs yet"
    assert page.texts(".btn-primary") == ["Add a need"]


def test_needs_stand_beside_what_is_matched_and_what_could_meet_them_the_most_pressing_first(
    member: EngageClient,
) -> None:
    me = member.membership
    make_plan()
    make_need(me, "Interpreters at night", importance=2, feasibility=2)
    beds = make_need(me, "No bed for boys", importance=5, feasibility=4)
    giver = make_membership(name="Thuy Nguyen")
    families = make_strength(me, "Twelve host families", giver=giver)
    make_strength(me, "A trainer", organization=make_organization(name="Grace Church"))
    match = make_match(me, beds, families, state=MatchState.ASKED, ask_id=giver.id)
    create_action(me, title="Ask", match=match)
    db.session.commit()
    page = member.page(BASE)
    assert titles(page) == ["2. No bed for boys", "1. Interpreters at night"]
    row = "#strengths-need-2"
    assert page.text(f"{row} .strengths-match-row .row-link") == "Twelve host families"
    matched = page.text(f"{row} .strengths-match-row")
    assert "Asked on Nov 3, 2026" in matched
    assert "Ask: Thuy Nguyen" in matched
    assert "Action 1" in matched
    assert page.texts(f"{row} .strengths-idea-title") == ["A trainer"]
    assert "Grace Church" in page.text(f"{row} .strengths-idea")
    assert page.texts(f"{row} .strengths-idea button") == ["Match : A trainer, No bed for boys"]
    assert "Leaving and immediate response · Priority 60 of 100" in page.text(f"{row} .what")


def test_each_suggestion_says_why(member: EngageClient) -> None:
    me, indicator = member.membership, content().indicator("emergency-places-for-young-people")
    answers = [("nonprofit", {indicator.key: 1}) for _n in range(4)]
    round_ = make_closed_round(answers)
    service.create_need(
        me, title=indicator.title, area=indicator.area, round_=round_, indicator=indicator.key
    )
    worker = make_membership(name="Amos Yoder")
    give_discipline(worker, "youth_workers")
    make_affiliation(worker, organization := make_organization(name="Boys and Girls Place"))
    make_strength(me, "By question", areas=[], indicator=indicator.key)
    make_strength(me, "By person", areas=[], giver=worker)
    make_strength(me, "By organization", areas=[], organization=organization)
    db.session.commit()
    page = member.page(f"{BASE}needs/1/match")
    assert page.texts(".strengths-idea-title") == ["By question", "By person", "By organization"]
    youth = content().discipline("youth_workers").name
    assert page.texts(".strengths-reasons li") == [
        f"Same question: {indicator.title}",
        f"Likely to know: {youth} (Amos Yoder)",
        f"Likely to know: {youth} (Boys and Girls Place)",
    ]


@pytest.mark.parametrize("state", [{"left_on": TODAY}, {"disabled_at": clock.now()}, {"approved_at": None}])
def test_what_someone_offers_who_is_not_here_is_not_suggested(
    member: EngageClient, state: dict[str, object]
) -> None:
    need = make_need(member.membership)
    make_strength(member.membership, "A spare room", giver=make_membership(**state))
    for path in ("", f"needs/{need.number}/match", "unused", "without-strength"):
        assert "A spare room" not in member.page(f"{BASE}{path}").html


def test_what_is_withdrawn_or_was_declined_is_not_suggested(member: EngageClient) -> None:
    me = member.membership
    need = make_need(me)
    withdrawn, declined = make_strength(me, "A van"), make_strength(me, "A hall")
    withdrawn.withdrawn_on = TODAY
    make_match(me, need, declined, state=MatchState.DECLINED)
    page = member.page(BASE)
    assert page.all(".strengths-idea") == []
    assert page.text(".strengths-match-row .tag") == "Declined"


@pytest.mark.parametrize(
    ("asked", "shown"),
    [
        ("", [3, 2, 1]),
        ("?show=unmatched", [3, 1]),
        ("?show=matched", [2]),
        ("?area=response", [2, 1]),
        ("?area=response&show=unmatched", [1]),
        ("?show=unmatched&keep=2", [3, 2, 1]),
        ("?show=nonsense&keep=x&page=x", [3, 2, 1]),
        ("?area=nowhere", []),
    ],
)
def test_filters_stand_in_the_address(member: EngageClient, asked: str, shown: list[int]) -> None:
    me = member.membership
    make_need(me, "One", stated_gap=1)
    make_match(me, make_need(me, "Two", stated_gap=2))
    make_need(me, "Three", stated_gap=3, area="reform")
    page = member.page(f"{BASE}{asked}")
    assert [int(title.split(".")[0]) for title in titles(page)] == shown


def test_pills_count_within_the_focus_area(member: EngageClient) -> None:
    me = member.membership
    make_match(me, make_need(me, "One"))
    make_need(me, "Two", area="reform")
    pills = "nav[aria-label='Needs shown'] .pill"
    assert member.page(BASE).texts(pills) == ["All needs 2", "Without a strength 1", "With a strength 1"]
    page = member.page(f"{BASE}?area=reform")
    assert page.texts(pills) == ["All needs 1", "Without a strength 1", "With a strength 0"]
    assert page.all(pills)[1].attributes["href"] == f"{BASE}?show=unmatched&area=reform"
    assert page.has("1 of 2 needs fit.")


def test_a_closed_need_is_not_in_the_explorer_and_uses_no_strength(member: EngageClient) -> None:
    match = make_match(member.membership)
    need = db.session.get_one(Need, match.need_id)
    need.closed_on, need.closed_reason = TODAY, "Met."
    db.session.commit()
    assert member.page(BASE).text(".empty h2") == "No needs yet"
    assert member.page(f"{BASE}unused").texts(".strengths-left .row-link") == ["Host families"]
    assert member.page(f"{BASE}matches/{match.id}").has("This need is closed")


def test_only_the_best_two_are_shown_and_the_rest_counted(member: EngageClient) -> None:
    need = make_need(member.membership)
    for number in range(5):
        make_strength(member.membership, f"Strength {number}")
    page = member.page(BASE)
    assert len(page.all(".strengths-idea")) == 2
    assert "3 more, or choose your own" in page.text(f"#strengths-need-{need.number}")
    assert len(member.page(f"{BASE}needs/{need.number}/match").all(".strengths-idea")) == 5


def many(me: Membership, count: int) -> None:
    """Makes so many needs and strengths; every second need has a match, in each state by turns."""
    areas = [area.key for area in content().areas]
    people = [make_membership(user=None) for _n in range(3)]
    for person in people:
        give_discipline(person, "nurses")
    for n in range(count):
        need = service.create_need(
            me,
            title=f"Need {n}",
            area=areas[n % len(areas)],
            stated_gap=1 + n % 4,
            importance=3,
            feasibility=3,
        )
        strength = service.add_strength(
            me, title=f"Strength {n}", giver=people[n % 3] if n % 2 else None, areas=[areas[(n + 1) % 6]]
        )
        if n % 2:
            match = service.match(me, need, strength)
            match.state = list(MatchState)[n // 2 % 4]
    db.session.commit()


def test_at_any_number_of_rows_the_pages_ask_as_many_questions(member: EngageClient) -> None:
    paths = ("", "?rows=all", "unused", "without-strength", "needs/1/match")

    def asked() -> list[int]:
        counts = []
        for path in paths:
            with counted_queries() as statements:
                member.page(f"{BASE}{path}")
            counts.append(len(statements))
        return counts

    many(member.membership, 6)
    before = asked()
    many(member.membership, 60)
    assert asked() == before


def test_many_needs_are_shown_by_10_and_whole_to_print(member: EngageClient) -> None:
    many(member.membership, 24)
    page = member.page(BASE)
    assert len(page.all(ROWS)) == 10
    assert page.text(".pages span") == "Page 1 of 3"
    last = member.page(f"{BASE}?page=3")
    assert len(last.all(ROWS)) == 4
    action = last.all(f"{ROWS} form")[0].attributes["action"] or ""
    assert "page=3" in action
    assert len(member.page(f"{BASE}?page=99").all(ROWS)) == 4
    whole = member.page(f"{BASE}?rows=all")
    assert len(whole.all(ROWS)) == 24
    # On paper there is nothing to press.
    assert whole.all(f"{ROWS} form") == []
    assert page.all(f"{ROWS} form") != []


# -- what is left over


def test_needs_without_a_strength_tell_those_apart_for_which_none_was_found(member: EngageClient) -> None:
    me = member.membership
    make_match(me, make_need(me, "Matched"))
    make_need(me, "Open", area="reform")
    declined = make_match(me, make_need(me, "Declined", area="prevention"), state=MatchState.DECLINED)
    make_need(me, "Hopeless", area="restoration")
    member.send(f"{BASE}needs/4/none-found")
    page = member.page(f"{BASE}without-strength")
    assert page.text(".lead") == "3 of 4 needs have no match."
    assert page.texts("#strengths-to-look-at .strengths-left .row-link") == ["2. Open", "3. Declined"]
    assert page.texts("#strengths-none-found .strengths-left .row-link") == ["4. Hopeless"]
    assert "Searched on" in page.text("#strengths-none-found")
    assert "Make this an action" in page.text("#strengths-none-found")
    assert "No strength found" in page.text("#strengths-need-2")
    assert declined.state is MatchState.DECLINED
    explorer = member.page(BASE)
    assert "No strength found" in explorer.text("#strengths-need-4")
    assert "3 of 4 needs have no strength" in explorer.text(".strengths-left-over")


def test_strengths_no_one_uses_say_which_needs_they_could_meet(member: EngageClient) -> None:
    me = member.membership
    make_match(me, make_need(me, "Matched", area="reform"), make_strength(me, "Used", areas=["reform"]))
    make_need(me, "No bed for boys", importance=5, feasibility=5)
    make_need(me, "No bed for adults", importance=2, feasibility=2)
    idle = make_strength(me, "Host families", limits="Only weekends")
    make_strength(me, "A drone", areas=[])
    page = member.page(f"{BASE}unused")
    assert page.text(".lead") == "2 of 3 strengths have no match yet."
    assert page.texts(".strengths-left .row-link") == ["Host families", "A drone"]
    first = f"#strengths-strength-{idle.id}"
    assert "The community · Only weekends" in page.text(first)
    assert page.texts(f"{first} .strengths-idea-title") == ["2. No bed for boys", "3. No bed for adults"]
    assert "Choose its focus areas" in page.texts(".strengths-left")[1]


def test_a_strength_whose_only_match_was_declined_is_used_by_no_one(member: EngageClient) -> None:
    make_match(member.membership, state=MatchState.DECLINED)
    assert member.page(f"{BASE}unused").texts(".strengths-left .row-link") == ["Host families"]


def test_with_nothing_left_over_both_lists_say_so(member: EngageClient) -> None:
    for path, words in (("unused", "No strengths yet"), ("without-strength", "No needs yet")):
        assert member.page(f"{BASE}{path}").text(".empty h2") == words
    make_match(member.membership)
    for path, words in (
        ("unused", "Every strength is used"),
        ("without-strength", "Every need has a strength"),
    ):
        assert member.page(f"{BASE}{path}").text(".empty h2") == words


def test_another_coalitions_needs_and_strengths_are_not_here(member: EngageClient) -> None:
    stranger = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    make_match(stranger, make_need(stranger, "Theirs"), make_strength(stranger, "Their van"))
    make_strength(stranger, "Their hall")
    make_need(member.membership)
    for path in ("", "unused", "without-strength", "needs/1/match"):
        html = member.page(f"{BASE}{path}").html
        assert "Their" not in html
