"""Tests the cards of the first evening: ticked from the records, put away and brought back."""

from collections.abc import Callable

import pytest

from engage.checklist.rules import ItemState
from engage.coalitions.invitations import service as invitations
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.content.loader import content
from engage.extensions import db
from engage.onboarding.first_evening.rules import TIPS_WANTED, Facts, FirstEveningCard
from engage.plan.rules import ActionStatus
from tests import databases, factories
from tests.client import EngageClient
from tests.html import Page
from tests.meetings.rows import make_meeting

HOME = "/c/riverbend/"
# What ticks each card, in their order.
TICKS = (
    (FirstEveningCard.ABOUT, {"says_who": True}),
    (FirstEveningCard.INVITE, {"sent": 1}),
    (FirstEveningCard.TIPS, {"tips": TIPS_WANTED}),
    (FirstEveningCard.MEETING, {"meetings": 1}),
    (FirstEveningCard.ASSESS, {"rounds": 1}),
)


def cards(page: Page) -> list[str]:
    return page.texts(".evening-card h3")


def invite(by: Membership, number: int) -> None:
    people = [Addressee(f"guest{each}@example.org") for each in range(number)]
    invitations.invite_people(by, people, Role.MEMBER, 14)
    db.session.commit()


def mark_all_sent(by: Membership) -> None:
    invitations.note_all_sent(invitations.unsent_of(by), by)
    db.session.commit()


def tick_tips(number: int, start: int = 0) -> None:
    for tip in content().tips[start:number]:
        factories.make_item(key=tip.items[0].key, state=ItemState.DONE)


# -- rules


def test_each_card_is_ticked_by_its_own_record_and_the_next_is_the_first_that_is_not() -> None:
    done: dict[str, int] = {}
    for number, (card, record) in enumerate(TICKS):
        before = Facts(**done)  # type: ignore[arg-type]
        assert (before.next, before.done, before.is_done(card)) == (card, number, False)
        done |= record
    assert (Facts(**done).next, Facts(**done).done) == (None, len(FirstEveningCard))  # type: ignore[arg-type]


def test_four_tips_are_not_five_and_a_person_who_joined_was_invited() -> None:
    assert not Facts(tips=TIPS_WANTED - 1).is_done(FirstEveningCard.TIPS)
    assert Facts(joined=1).is_done(FirstEveningCard.INVITE)


@pytest.mark.parametrize(
    ("facts", "is_done"),
    [
        (Facts(), False),
        (Facts(to_send=12), False),
        (Facts(sent=1, to_send=11), False),
        (Facts(sending=12), True),
        (Facts(sent=11, sending=1), True),
        (Facts(to_send=12, joined=1), True),
    ],
)
def test_inviting_is_done_when_all_were_sent_or_someone_came_and_not_when_names_were_typed(
    facts: Facts, is_done: bool
) -> None:
    assert facts.is_done(FirstEveningCard.INVITE) is is_done


# -- the page


def test_a_new_coalition_opens_on_its_first_evening(coordinator: EngageClient) -> None:
    page = coordinator.page(HOME)
    assert page.text("#home-evening h2") == "Your first evening"
    assert cards(page) == [
        "Say who you are",
        "Invite people",
        "Check off five tips together",
        "Set the first meeting",
        "Open the assessment",
    ]
    assert page.text("#home-evening .count-words") == "0 of 5 done"
    assert [node.text().strip() for node in page.all(".btn-primary")] == ["Write your mission"]
    assert not page.all("#home-next")
    for link in page.all(".evening-card a"):
        coordinator.page(link.attributes["href"] or "")


def test_the_cards_are_ticked_from_the_records(coordinator: EngageClient) -> None:
    me = coordinator.membership
    me.coalition.mission = "Fewer people are exploited here."
    db.session.commit()
    page = coordinator.page(HOME)
    assert page.texts(".evening-done h3") == ["Say who you are : Done"]
    assert page.texts(".evening-next h3") == ["Invite people"]
    invite(me, 1)
    tick_tips(2)
    assert "0 of 1 invitation is sent." in coordinator.page(HOME).text("#home-evening-invite")
    assert coordinator.page(HOME).text(".evening-next a") == "Send the invitations"
    mark_all_sent(me)
    assert "1 invitation is sent." in coordinator.page(HOME).text("#home-evening-invite")
    assert "2 of 5 are checked off." in coordinator.page(HOME).text("#home-evening-tips")
    tick_tips(TIPS_WANTED, 2)
    make_meeting(me)
    assert coordinator.page(HOME).texts(".evening-next h3") == ["Open the assessment"]


def test_a_card_that_is_done_leads_to_what_came_of_it(coordinator: EngageClient) -> None:
    me = coordinator.membership
    me.coalition.mission = "Fewer people are exploited here."
    invite(me, 1)
    mark_all_sent(me)
    make_meeting(me)
    factories.make_round()
    links = {
        node.text().strip(): node.attributes["href"] for node in coordinator.page(HOME).all(".evening-again")
    }
    assert links == {
        "Edit your mission": "/c/riverbend/about/edit/words",
        "Invite more people": "/c/riverbend/people/invitations/",
        "Go to the meetings": "/c/riverbend/meetings/",
        "Go to the assessment": "/c/riverbend/assessment/",
    }
    for url in links.values():
        coordinator.page(url)


def test_when_all_five_are_done_they_fold_and_the_path_goes_on(coordinator: EngageClient) -> None:
    me = coordinator.membership
    me.coalition.vision = "Nobody is for sale here."
    db.session.commit()
    factories.make_membership()
    tick_tips(TIPS_WANTED)
    make_meeting(me)
    factories.make_response(factories.make_round(), me, {})
    page = coordinator.page(HOME)
    fold = page.one("details#home-evening")
    assert "open" not in fold.attributes
    assert page.text("#home-evening summary") == "Your first evening is complete 5 of 5"
    assert "1 person has joined you." in page.text("#home-evening-invite")
    assert page.text("#home-next h2").startswith("Next step:")


def test_what_presses_comes_before_the_cards_and_has_the_one_primary_button(
    coordinator: EngageClient,
) -> None:
    factories.make_membership(name="Lt. Okafor", approved_at=None)
    page = coordinator.page(HOME)
    assert page.text("#home-next h2") == "Next: Lt. Okafor wants to join"
    assert len(page.all(".btn-primary")) == 1
    assert not page.all(".evening-next")


def test_a_member_sees_the_cards_and_is_told_which_are_a_coordinators(member: EngageClient) -> None:
    page = member.page(HOME)
    assert "A coordinator does this." in page.text("#home-evening-invite")
    assert not page.all("#home-evening-invite a, .evening-end")
    factories.make_round()
    assert member.page(HOME).text("#home-evening-assess p") == "The round is open."
    assert page.texts(".evening-next h3") == ["Check off five tips together"]
    for link in page.all(".evening-card a"):
        member.page(link.attributes["href"] or "")


def test_a_viewer_has_no_cards(viewer: EngageClient) -> None:
    assert not viewer.page(HOME).all("#home-evening")


@pytest.mark.parametrize("what", ["plan", "results"])
def test_a_coalition_that_is_under_way_has_none(coordinator: EngageClient, what: str) -> None:
    plan = factories.make_plan()
    assert coordinator.page(HOME).all("#home-evening"), "an empty plan is no work yet"
    if what == "plan":
        factories.make_action(plan, status=ActionStatus.UNDER_WAY)
    else:
        factories.make_closed_round([("health", {content().indicators[0].key: 1})] * 3)
    assert not coordinator.page(HOME).all("#home-evening")


# -- what each answer says


def leading(client: EngageClient) -> list[tuple[str, str]]:
    page = client.page(HOME)
    links = [str(each.attributes["href"]) for each in page.all(".flash-lead a")]
    return list(zip(page.texts(".flash-lead p"), links, strict=True))


def test_each_step_says_how_many_are_done_and_leads_to_the_next(coordinator: EngageClient) -> None:
    coordinator.send(f"{HOME}about/edit/words", mission="Fewer people are hurt.", version="1")
    assert leading(coordinator) == [("1 of 5 done. Next: invite people", f"{HOME}people/invitations/")]
    coordinator.send(
        f"{HOME}people/invitations/bound", addresses="a@example.org b@example.org", role="member", days="7"
    )
    assert leading(coordinator) == [], "names were typed, and nothing is sent"
    first, second = invitations.unsent_of(coordinator.membership)
    coordinator.send(f"{HOME}people/invitations/{first.id}/sent")
    assert leading(coordinator) == []
    coordinator.send(f"{HOME}people/invitations/sent?id={first.id}&id={second.id}")
    assert leading(coordinator) == [
        ("2 of 5 done. Next: check off five tips together", f"{HOME}checklist/?open=all")
    ]
    coordinator.send(f"{HOME}about/edit/words", mission="Fewer people are hurt here.", version="2")
    assert leading(coordinator) == [], "nothing more is done than before"


def test_the_fifth_tip_leads_on_in_the_page_that_htmx_changes(coordinator: EngageClient) -> None:
    tick_tips(TIPS_WANTED - 1)
    key = content().tips[TIPS_WANTED].items[0].key
    answer = coordinator.send(f"{HOME}checklist/items/{key}/tick", htmx=True, wanted="done")
    after = "[data-hx-swap-oob='beforeend:#status']"
    assert answer.text(f"{after} p") == "1 of 5 done. Next: say who you are"
    assert answer.one(f"{after} a").attributes["href"] == f"{HOME}about/edit/words"


def test_the_last_step_says_that_the_evening_is_complete(coordinator: EngageClient) -> None:
    factories.make_membership()
    tick_tips(TIPS_WANTED)
    make_meeting(coordinator.membership)
    factories.make_round()
    coordinator.send(f"{HOME}about/edit/words", mission="Fewer people are hurt.", version="1")
    assert leading(coordinator) == [("5 of 5 done. Your first evening is complete.", HOME)]


def test_a_coalition_past_its_first_evening_hears_nothing_of_it(coordinator: EngageClient) -> None:
    factories.make_action(factories.make_plan())
    coordinator.send(f"{HOME}about/edit/words", mission="Fewer people are hurt.", version="1")
    assert leading(coordinator) == []


def test_getting_started_says_the_same_as_home(coordinator: EngageClient) -> None:
    coordinator.membership.coalition.mission = "Fewer people are hurt."
    invite(coordinator.membership, 3)
    page = coordinator.page(f"{HOME}start/")
    assert page.texts("#onboarding-evening p")[0] == "1 of 5 done. Next: invite people"
    assert [each.text().strip() for each in page.all(".btn-primary")] == ["Send the invitations"]
    assert coordinator.page(HOME).text(".evening-next a") == "Send the invitations"


def test_what_is_not_sent_stays_a_task_after_the_evening(coordinator: EngageClient) -> None:
    factories.the_coalition().first_evening_over = True
    invite(coordinator.membership, 3)
    for address in (HOME, f"{HOME}messages/"):
        page = coordinator.page(address)
        assert page.has("3 invitations are not sent yet")
    assert coordinator.page(f"{HOME}people/invitations/sheet").texts(".invite-row h2") == [
        f"guest{each}@example.org" for each in range(3)
    ]
    mark_all_sent(coordinator.membership)
    assert not coordinator.page(HOME).has("not sent yet")


# -- putting it away


def test_it_is_put_away_and_comes_back_by_undo_or_by_getting_started(coordinator: EngageClient) -> None:
    assert coordinator.send(f"{HOME}first-evening/end").location == HOME
    page = coordinator.page(HOME)
    assert not page.all("#home-evening")
    assert page.has("“Your first evening” is hidden.")
    assert page.one(".undo").attributes["action"] == f"{HOME}first-evening/back"
    start = coordinator.page(f"{HOME}start/")
    assert start.one("form[action$='first-evening/back']")
    assert coordinator.send(f"{HOME}first-evening/back").status == 303
    assert coordinator.page(HOME).all("#home-evening")
    assert not coordinator.page(f"{HOME}start/").all("form[action$='first-evening/back']")


def test_only_a_coordinator_puts_it_away(member: EngageClient, viewer: EngageClient) -> None:
    for client in (member, viewer):
        assert client.send(f"{HOME}first-evening/end").status == 403
        assert client.send(f"{HOME}first-evening/back").status == 403


@pytest.mark.parametrize("role", [Role.MEMBER, Role.COORDINATOR])
def test_the_number_of_queries_does_not_grow_with_what_the_cards_count(
    role: Role, client_of: Callable[[Membership], EngageClient]
) -> None:
    client = client_of(factories.make_membership(role=role))
    client.page(HOME)
    with databases.counted_queries() as few:
        client.page(HOME)
    for _number in range(4):
        factories.make_membership()
    invite(client.membership, 4)
    tick_tips(4)
    with databases.counted_queries() as many:
        client.page(HOME)
    assert len(many) == len(few) <= 23
