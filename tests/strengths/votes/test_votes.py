"""Votes for the facilitator: preparing, the screen, hands, closing and what follows, over HTTP."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import AgendaItem, Attendance, Meeting
from engage.meetings.rules import MeetingKind, Mode
from engage.plan.models import Goal, GoalNeed, Plan
from engage.plan.rules import PlanStatus
from engage.strengths.models import Need
from engage.strengths.rules import RatingSource
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.ballots import service as ballots_service
from engage.strengths.votes.models import Ballot, BallotRating, Vote, VoteCode, VoteNeed
from engage.strengths.votes.rules import MOST_NEEDS, VoteAccess, VoteMark, VoteMethod, VoteState
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_plan, saved
from tests.html import Page
from tests.strengths.rows import make_need
from tests.strengths.votes.rows import make_vote, phone, vote_by_phone

Client = Callable[[Membership], EngageClient]
BASE = "/c/riverbend/strengths/votes/"
TODAY = clock.today("America/Chicago")


def ranked(page: Page) -> list[str]:
    """Returns the titles of a ranking; a link amid boxes to tick says that it opens another window."""
    return [text.partition(" (opens")[0] for text in page.texts(".vote-ranking .what a")]


def the_vote() -> Vote:
    return db.session.scalars(sa.select(Vote).execution_options(populate_existing=True)).one()


def at(vote: Vote, path: str = "") -> str:
    return f"{BASE}{vote.id}/{path}"


def how_many(model: type) -> int:
    return db.session.scalar(sa.select(sa.func.count()).select_from(model)) or 0


def make_meeting(by: Membership, here: int = 0, excused: int = 0) -> Meeting:
    meeting = saved(
        Meeting(
            coalition_id=by.coalition_id,
            kind=MeetingKind.PLANNING_SESSION,
            title="Planning session",
            starts_at=clock.now(),
            minutes=180,
            created_at=clock.now(),
        )
    )
    modes = [*([Mode.HERE, Mode.ONLINE] * here)[:here], *([Mode.EXCUSED] * excused)]
    for number, mode in enumerate(modes):
        db.session.add(
            Attendance(
                coalition_id=by.coalition_id, meeting_id=meeting.id, guest=f"Guest {number}", mode=mode
            )
        )
    db.session.commit()
    return meeting


# -- preparing


def test_a_vote_is_prepared_from_needs(coordinator: EngageClient) -> None:
    me = coordinator.membership
    boys, rides, other = make_need(me, "No bed for boys"), make_need(me, "Rides"), make_need(me, "Not this")
    page = coordinator.page(f"{BASE}new")
    assert page.value("title") == "Vote on needs"
    assert len(page.all("input[name=needs]")) == 3
    answer = coordinator.send(
        f"{BASE}new",
        title="What comes first?",
        meeting_id="0",
        needs=[str(boys.id)],
        by_hand=[str(rides.id)],
        method="rating",
        dots="5",
        dots_each="3",
        access="open",
    )
    vote = the_vote()
    assert (answer.status, answer.location) == (303, at(vote))
    rows = {row.need_id: row.by_hand for row in db.session.scalars(sa.select(VoteNeed))}
    assert rows == {boys.id: False, rides.id: True}
    assert (vote.state, vote.method, vote.dots, vote.opened_at) == (
        VoteState.PREPARED,
        VoteMethod.RATING,
        None,
        None,
    )
    assert "Ready to open" in coordinator.page(at(vote)).text("#strengths-vote-prepared")
    assert other.title not in coordinator.page(at(vote)).text("#strengths-vote-needs")


def test_a_vote_is_prepared_from_its_meetings_page_with_one_form(coordinator: EngageClient) -> None:
    me = coordinator.membership
    meeting = make_meeting(me, here=3)
    for number in range(14):
        make_need(me, f"Need {number}", importance=3, feasibility=3)
    here = f"/c/riverbend/meetings/{meeting.id}/"
    link = coordinator.page(here).one("#meetings-votes a").attributes["href"] or ""
    page = coordinator.page(link)
    ticked = [node.attributes["value"] or "" for node in page.all("input[name=needs][checked]")]
    assert len(ticked) == 12
    assert page.one("#meeting_id option[selected]").attributes["value"] == str(meeting.id)
    sent = coordinator.send(link, **{**PREPARED, "meeting_id": str(meeting.id), "needs": ticked})
    vote = the_vote()
    assert (sent.location, vote.meeting_id, how_many(VoteNeed)) == (at(vote), meeting.id, 12)
    assert coordinator.page(at(vote)).all(f"#strengths-vote-standing a[href='{here}']")


def test_a_meetings_page_leads_to_its_votes_screen_and_result(
    coordinator: EngageClient, member: EngageClient
) -> None:
    me = coordinator.membership
    meeting, other = make_meeting(me), make_meeting(me)
    here = f"/c/riverbend/meetings/{meeting.id}/"
    assert not member.page(here).all("#meetings-votes")
    open_vote, closed = (
        make_vote(me, state=state, meeting_id=meeting.id) for state in (VoteState.OPEN, VoteState.CLOSED)
    )
    page = member.page(here)
    rows = [node.attributes["href"] for node in page.all("#meetings-votes a")]
    assert rows == [at(closed), at(open_vote), at(open_vote, "screen")]
    assert not member.page(f"/c/riverbend/meetings/{other.id}/").all("#meetings-votes")
    assert not coordinator.page(f"/c/riverbend/meetings/{other.id}/").all("#meetings-votes ul")


def test_no_vote_is_prepared_for_a_closed_meeting(coordinator: EngageClient) -> None:
    meeting = make_meeting(coordinator.membership)
    db.session.get_one(Meeting, meeting.id).closed_at = clock.now()
    db.session.commit()
    need = make_need(coordinator.membership)
    assert not coordinator.page(f"/c/riverbend/meetings/{meeting.id}/").all("#meetings-votes")
    fields = {**PREPARED, "meeting_id": str(meeting.id), "needs": [str(need.id)]}
    assert coordinator.send(f"{BASE}new", **fields).status == 422
    assert how_many(Vote) == 0


def test_the_agendas_line_of_the_vote_leads_to_preparing_it_then_to_it(
    coordinator: EngageClient, member: EngageClient
) -> None:
    me = coordinator.membership
    meeting = make_meeting(me)
    about = {"coalition_id": me.coalition_id, "about": "template:planning_session:vote"}
    saved(AgendaItem(**about, meeting_id=meeting.id, position=1, title="Vote on what comes first"))

    def link(client: EngageClient) -> str:
        page = client.page(f"/c/riverbend/meetings/{meeting.id}/")
        return page.one("#meetings-agenda a[href*=votes]").attributes["href"] or ""

    assert link(coordinator) == f"{BASE}new?meeting={meeting.id}"
    assert link(member) == BASE
    vote = make_vote(me, meeting_id=meeting.id)
    assert link(coordinator) == link(member) == at(vote)


PREPARED = {
    "title": "What first?",
    "meeting_id": "0",
    "method": "dots",
    "dots": "5",
    "dots_each": "3",
    "access": "open",
}


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"needs": []}, "Choose at least one need."),
        ({"title": " "}, "Give the vote a title."),
        ({"dots_each": "6"}, "No one has that many dots. Enter a smaller number."),
        ({"dots": "21"}, "Enter a whole number from 1 to 20."),
        ({"method": "applause"}, "Not a valid choice."),
        ({"needs": ["999"]}, "'999' is not a valid choice for this field."),
        ({"meeting_id": "999"}, "Not a valid choice."),
    ],
)
def test_what_cannot_be_voted_on_is_refused_with_the_words_kept(
    coordinator: EngageClient, changes: dict[str, object], words: str
) -> None:
    need = make_need(coordinator.membership)
    fields = {**PREPARED, "needs": [str(need.id)], **changes}
    page = coordinator.send(f"{BASE}new", **fields)
    assert page.status == 422
    assert words in " ".join(page.errors)
    assert page.value("dots") == str(fields["dots"])
    assert how_many(Vote) == 0


def test_another_coalitions_need_cannot_be_voted_on(coordinator: EngageClient) -> None:
    theirs = make_need(make_membership(coalition=make_coalition()))
    make_need(coordinator.membership)
    page = coordinator.send(f"{BASE}new", **{**PREPARED, "needs": [str(theirs.id)]})
    assert page.status == 422
    assert how_many(VoteNeed) == 0


def test_more_needs_than_a_room_can_rate_are_refused(coordinator: EngageClient) -> None:
    needs = [make_need(coordinator.membership, f"Need {n}") for n in range(MOST_NEEDS + 1)]
    page = coordinator.send(f"{BASE}new", **{**PREPARED, "needs": [str(need.id) for need in needs]})
    assert (page.status, page.errors) == (
        422,
        ["Choose at most 30 needs: more than that is too many to rate in one sitting."],
    )


def test_a_prepared_vote_can_be_changed_and_two_who_do_see_both_texts(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, state=VoteState.PREPARED)
    before = vote.version
    needs = [row.need_id for row in db.session.scalars(sa.select(VoteNeed).order_by(VoteNeed.position))]
    page = coordinator.page(at(vote, "edit"))
    assert [node.attributes["value"] for node in page.all("input[name=needs][checked]")] == [
        str(key) for key in needs
    ]
    fields = {**PREPARED, "needs": [str(needs[1])], "version": str(before)}
    assert coordinator.send(at(vote, "edit"), **fields).location == at(vote)
    assert (the_vote().method, the_vote().dots_each) == (VoteMethod.DOTS, 3)
    assert how_many(VoteNeed) == 1
    second = coordinator.send(at(vote, "edit"), **{**fields, "title": "Another title"})
    assert second.status == 409
    assert "Another title" in second.text(".two-texts")
    assert the_vote().title == "What first?"


def test_once_opened_a_vote_is_changed_no_more(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership)
    fields = {**PREPARED, "needs": [], "version": str(vote.version)}
    assert coordinator.get(at(vote, "edit")).status_code == 409
    needs = [str(row.need_id) for row in db.session.scalars(sa.select(VoteNeed))]
    assert coordinator.send(at(vote, "edit"), **{**fields, "needs": needs}).status == 409
    assert coordinator.send(at(vote, "delete")).status == 409
    assert (the_vote().method, how_many(VoteNeed)) == (VoteMethod.RATING, 2)


def test_only_a_vote_that_never_began_is_deleted(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, state=VoteState.PREPARED)
    title = vote.title
    assert coordinator.page(at(vote, "delete")).has("Delete this vote?")
    assert coordinator.send(at(vote, "delete")).location == BASE
    assert (how_many(Vote), how_many(VoteNeed), how_many(Need)) == (0, 0, 2)
    undo = coordinator.page(BASE).one("form.undo").attributes["action"] or ""
    coordinator.send(undo)
    assert (the_vote().title, how_many(VoteNeed)) == (title, 2)


def test_members_see_votes_and_run_none(coordinator: EngageClient, member: EngageClient) -> None:
    vote = make_vote(coordinator.membership)
    page = member.page(at(vote))
    assert page.has("Show the screen")
    assert not page.all("main form")
    for path in ("close", "open", "reopen", "start-over", "again", "people", "hands", "goals"):
        assert member.send(at(vote, path)).status == 403
    assert member.get(f"{BASE}new").status_code == 403
    assert the_vote().state is VoteState.OPEN


def test_votes_of_another_coalition_do_not_exist(coordinator: EngageClient) -> None:
    vote = make_vote(make_membership(coalition=make_coalition(), role=Role.COORDINATOR))
    for path in ("", "edit", "screen", "hands", "slips"):
        assert coordinator.get(at(vote, path)).status_code == 404
    for path in ("close", "start-over", "people", "goals", "again"):
        assert coordinator.send(at(vote, path)).status == 404
    assert the_vote().state is VoteState.OPEN


def test_a_need_that_was_voted_on_is_closed_rather_than_deleted(coordinator: EngageClient) -> None:
    need = make_need(coordinator.membership)
    make_vote(coordinator.membership, [need])
    assert coordinator.send(f"/c/riverbend/strengths/needs/{need.number}/delete").status == 409
    assert how_many(Need) == 1


# -- the screen


def test_the_screen_shows_the_way_in_and_the_turnout_and_no_result(
    app: Flask, coordinator: EngageClient
) -> None:
    vote = make_vote(coordinator.membership, people_here=40)
    for _phone in range(3):
        vote_by_phone(app, vote.token, (5, 4), (2, 2))
    page = coordinator.page(at(vote, "screen"))
    assert page.text(".vote-turnout") == "3 ballots, 40 people here"
    assert page.text(".vote-link").replace(" ", "") == f"127.0.0.1/vote/{vote.token}"
    assert page.all(".vote-qr svg")
    assert page.has("Anyone who has the link can vote more than once. Paper slips prevent that.")
    slips = make_vote(coordinator.membership, access=VoteAccess.CODES)
    assert not coordinator.page(at(slips, "screen")).has("can vote more than once")
    assert not page.all(".vote-order")
    assert "No bed for boys" not in page.text("main")


def test_htmx_gets_nothing_while_nothing_is_new_and_the_piece_when_a_ballot_comes_in(
    app: Flask, coordinator: EngageClient
) -> None:
    vote = make_vote(coordinator.membership)
    link = coordinator.page(at(vote, "screen")).one(".vote-refresh a").attributes["data-hx-get"] or ""
    headers = {"HX-Request": "true"}
    assert coordinator.get(link, headers=headers).status_code == 204
    vote_by_phone(app, vote.token, (5, 4))
    answer = coordinator.get(link, headers=headers)
    assert answer.status_code == 200
    assert (
        answer.get_data(as_text=True).lstrip().startswith('<div class="vote-screen" id="strengths-screen">')
    )
    assert "1 ballot" in answer.get_data(as_text=True)
    # Without JavaScript the same link is the whole page.
    assert coordinator.page(link).text(".vote-turnout") == "1 ballot"


def test_the_walls_buttons_follow_a_vote_that_was_opened_elsewhere_and_stay_through_ballots(
    app: Flask, coordinator: EngageClient
) -> None:
    vote = make_vote(coordinator.membership, state=VoteState.PREPARED)
    wall = coordinator.page(at(vote, "screen"))
    assert wall.texts("#strengths-screen-controls button") == ["Open the vote"]
    coordinator.send(at(vote, "open"))
    headers = {"HX-Request": "true"}
    link = wall.one(".vote-refresh a").attributes["data-hx-get"] or ""
    news = Page(coordinator.get(link, headers=headers))
    assert news.texts("#strengths-screen-controls[data-hx-swap-oob] button") == ["Close the vote"]
    vote_by_phone(app, vote.token, (5, 4))
    link = news.one(".vote-refresh a").attributes["data-hx-get"] or ""
    news = Page(coordinator.get(link, headers=headers))
    assert news.text(".vote-turnout") == "1 ballot"
    assert not news.all("#strengths-screen-controls")


def test_asking_whether_something_is_new_takes_two_queries_however_many_ballots(
    app: Flask, coordinator: EngageClient
) -> None:
    vote = make_vote(coordinator.membership)
    counts = []
    for phones in (1, 4):
        for _phone in range(phones):
            vote_by_phone(app, vote.token, (5, 4))
        link = coordinator.page(at(vote, "screen")).one(".vote-refresh a").attributes["data-hx-get"] or ""
        with counted_queries() as statements:
            coordinator.get(link, headers={"HX-Request": "true"})
        counts.append(len(statements))
    assert counts == [3, 3]


def test_the_order_so_far_is_shown_where_it_was_chosen_without_numbers(
    app: Flask, coordinator: EngageClient
) -> None:
    vote = make_vote(coordinator.membership, shows_order=True)
    for _phone in range(2):
        vote_by_phone(app, vote.token, (1, 1), (5, 4))
    assert not coordinator.page(at(vote, "screen")).all(".vote-order")
    vote_by_phone(app, vote.token, (1, 1), (5, 4))
    page = coordinator.page(at(vote, "screen"))
    assert page.texts(".vote-order li") == ["1 Rides after dark", "2 No bed for boys"]
    assert "20" not in page.text(".vote-order")


def test_people_here_are_those_of_the_meeting_where_attendance_is_recorded(
    coordinator: EngageClient,
) -> None:
    meeting = make_meeting(coordinator.membership, here=3, excused=2)
    vote = make_vote(coordinator.membership, meeting_id=meeting.id, people_here=40)
    assert "0 ballots, 3 people here" in coordinator.page(at(vote)).text("#strengths-vote-standing")
    assert coordinator.page(BASE).has("Planning session")
    empty = make_vote(
        coordinator.membership, meeting_id=make_meeting(coordinator.membership).id, people_here=40
    )
    assert "40 people here" in coordinator.page(at(empty)).text("#strengths-vote-standing")


def test_the_facilitator_counts_people_and_is_told_of_more_ballots_than_people(
    app: Flask, coordinator: EngageClient
) -> None:
    vote = make_vote(coordinator.membership)
    assert coordinator.send(at(vote, "people"), people="1").location == at(vote)
    vote_by_phone(app, vote.token, (5, 4))
    assert not coordinator.page(at(vote)).all("#strengths-vote-more")
    vote_by_phone(app, vote.token, (5, 4))
    page = coordinator.page(at(vote))
    assert "more ballots than people" in page.text("#strengths-vote-more")
    assert "2 ballots, 1 person here" in page.text("#strengths-vote-standing")


@pytest.mark.parametrize("typed", ["", "-1", "forty", "5001"])
def test_a_number_of_people_that_is_none_is_refused(coordinator: EngageClient, typed: str) -> None:
    vote = make_vote(coordinator.membership)
    page = coordinator.send(at(vote, "people"), people=typed)
    assert (page.status, page.value("people")) == (422, typed)
    assert page.errors
    assert the_vote().people_here is None


# -- hands


def hand_fields(vote: Vote, importance: list[int], feasibility: list[int]) -> dict[str, str]:
    key = db.session.scalars(sa.select(VoteNeed.id).where(VoteNeed.by_hand.is_(True))).one()
    numbers = {
        f"need-{key}-{name}_{level}": str(count)
        for name, counts in (("importance", importance), ("feasibility", feasibility))
        for level, count in enumerate(counts, 1)
    }
    return {**numbers, "version": str(vote.version)}


def test_hands_and_phones_feed_one_ranking(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    phones, hands = make_need(me, "By phones"), make_need(me, "By hands")
    vote = make_vote(me, [phones], hands=[hands])
    page = coordinator.page(at(vote, "hands"))
    assert page.texts("legend") == ["By hands"]
    fields = hand_fields(vote, [0, 0, 0, 1, 1], [0, 0, 2, 0, 0])
    assert coordinator.send(at(vote, "hands"), **fields).location == at(vote)
    for _phone in range(3):
        vote_by_phone(app, vote.token, (4, 3))
    coordinator.send(at(vote, "close"))
    page = coordinator.page(at(vote))
    assert ranked(page) == ["By hands", "By phones"]
    assert page.texts(".vote-place") == ["1", "2"]
    assert "importance 4.5 x feasibility 3 = 13.5 (2 hands)" in page.text(".vote-ranking")
    assert "importance 4 x feasibility 3 = 12 (3 ballots)" in page.text(".vote-ranking")


def test_phones_do_not_show_a_need_that_hands_are_counted_for(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    vote = make_vote(me, [make_need(me, "By phones")], hands=[make_need(me, "By hands")])
    page = app.test_client().get(f"/vote/{vote.token}").get_data(as_text=True)
    assert "By phones" in page
    assert "By hands" not in page


def test_a_phone_cannot_vote_on_a_need_by_hands_nor_hands_on_one_by_phones(
    app: Flask, coordinator: EngageClient
) -> None:
    me = coordinator.membership
    vote = make_vote(me, [make_need(me, "By phones")], hands=[make_need(me, "By hands")])
    keys = {row.by_hand: row.id for row in db.session.scalars(sa.select(VoteNeed))}
    client = phone(app)
    client.page(f"/vote/{vote.token}")
    marks = {f"{name}-{key}": "5" for key in keys.values() for name in ("importance", "feasibility")}
    assert client.send(f"/vote/{vote.token}", **marks).status == 303
    assert db.session.scalars(sa.select(BallotRating.vote_need_id)).all() == [keys[False]]
    # Nor where the phone's page is older than the choice of hands.
    browser = ballots_service.key_hash("old page", vote.id, None)
    with pytest.raises(ballots_service.BallotRefused):
        ballots_service.cast(vote.coalition_id, vote.id, browser, None, {keys[True]: VoteMark(5, 5)})
    fields = hand_fields(vote, [0, 0, 0, 0, 7], [0, 0, 0, 0, 7])
    by_phone = {
        name.replace(f"need-{keys[True]}-", f"need-{keys[False]}-"): "9"
        for name in fields
        if name != "version"
    }
    assert coordinator.send(at(vote, "hands"), **fields, **by_phone).status == 303
    counted = {row.by_hand: row.hands for row in db.session.scalars(sa.select(VoteNeed))}
    assert (counted[False], counted[True] is not None, how_many(Ballot)) == (None, True, 1)


def test_dots_on_a_sheet_are_counted_by_hand(coordinator: EngageClient) -> None:
    me = coordinator.membership
    vote = make_vote(me, hands=[make_need(me), make_need(me, "Rides")], method=VoteMethod.DOTS)
    keys = db.session.scalars(sa.select(VoteNeed.id).order_by(VoteNeed.position)).all()
    coordinator.send(
        at(vote, "hands"),
        version=str(vote.version),
        **{f"need-{keys[0]}-dots": "0", f"need-{keys[1]}-dots": "9"},
    )
    coordinator.send(at(vote, "close"))
    page = coordinator.page(at(vote))
    assert ranked(page) == ["Rides", "No bed for boys"]
    assert page.texts(".vote-place") == ["1", "2"]


@pytest.mark.parametrize(
    ("importance", "feasibility", "words"),
    [
        ([0, 0, -1, 0, 0], [0, 0, 1, 0, 0], "Enter a whole number from 0 to 500."),
        ([0, 0, 2, 0, 0], [0, 0, 0, 0, 0], "“Hands”: count both importance and feasibility."),
    ],
)
def test_hands_that_cannot_be_are_refused_with_what_was_typed(
    coordinator: EngageClient, importance: list[int], feasibility: list[int], words: str
) -> None:
    vote = make_vote(coordinator.membership, hands=[make_need(coordinator.membership, "Hands")])
    page = coordinator.send(at(vote, "hands"), **hand_fields(vote, importance, feasibility))
    assert page.status == 422
    assert page.errors == [words]
    assert [node.attributes["value"] for node in page.all("fieldset input")][:5] == [
        str(count) for count in importance
    ]
    assert db.session.scalars(sa.select(VoteNeed.hands)).one() is None


def test_two_who_count_hands_see_both_numbers(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, hands=[make_need(coordinator.membership, "Hands")])
    fields = hand_fields(vote, [0, 0, 0, 0, 7], [0, 7, 0, 0, 0])
    coordinator.send(at(vote, "hands"), **fields)
    late = hand_fields(vote, [0, 0, 0, 0, 8], [0, 7, 0, 0, 0])
    page = coordinator.send(at(vote, "hands"), **{**late, "version": fields["version"]})
    assert page.status == 409
    assert page.texts(".conflict-text") == ["7", "8"]
    hands = db.session.scalars(sa.select(VoteNeed.hands)).one()
    assert hands is not None and hands["importance"][4] == 7


# -- closing


def test_closing_sets_the_needs_with_source_and_date(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    boys = make_need(me, "No bed for boys", importance=1, feasibility=1)
    vote = make_vote(me, [boys])
    for numbers in ((5, 3), (5, 4), (4, 3), (3, 1)):
        vote_by_phone(app, vote.token, numbers)
    assert coordinator.send(at(vote, "close")).location == at(vote)
    need = db.session.get_one(Need, boys.id)
    assert (need.importance, need.feasibility) == (4.5, 3)
    assert (need.rating_source, need.rated_on) == (RatingSource.VOTE, TODAY)
    page = coordinator.page(f"/c/riverbend/strengths/needs/{boys.number}/")
    assert "by vote" in page.text("#strengths-standing")
    assert page.one("#strengths-rating a").attributes["href"] == at(vote)


def test_of_two_ballots_nothing_is_shown_or_set(app: Flask, coordinator: EngageClient) -> None:
    need = make_need(coordinator.membership)
    vote = make_vote(coordinator.membership, [need])
    for _phone in range(2):
        vote_by_phone(app, vote.token, (5, 4))
    coordinator.send(at(vote, "close"))
    page = coordinator.page(at(vote))
    assert "fewer than 3 ballots: no result is shown (2 ballots)" in page.text(".vote-ranking")
    row = db.session.scalars(sa.select(VoteNeed)).one()
    assert (row.voters, row.importance, row.feasibility) == (2, None, None)
    assert db.session.get_one(Need, need.id).importance is None


def test_equal_products_share_a_place(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    vote = make_vote(me, [make_need(me, f"Need {letter}") for letter in "abcd"])
    for _phone in range(3):
        vote_by_phone(app, vote.token, (1, 1), (5, 2), (2, 5), (5, 5))
    coordinator.send(at(vote, "close"))
    page = coordinator.page(at(vote))
    assert page.texts(".vote-place") == ["1", "2, shared", "2, shared", "4"]
    assert ranked(page) == ["Need d", "Need b", "Need c", "Need a"]
    wall = coordinator.page(at(vote, "screen"))
    assert wall.texts(".vote-place") == ["1", "2, shared", "2, shared", "4"]


def test_dots_rank_and_rate_nothing(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    boys, rides = make_need(me, "Boys", importance=2, feasibility=2), make_need(me, "Rides")
    vote = make_vote(me, [boys, rides], method=VoteMethod.DOTS)
    keys = db.session.scalars(sa.select(VoteNeed.id).order_by(VoteNeed.position)).all()
    for given in (3, 2, 0):
        client = app.test_client()
        assert isinstance(client, EngageClient)
        client.page(f"/vote/{vote.token}")
        answer = client.send(f"/vote/{vote.token}", **{f"dots-{keys[0]}": str(given), f"dots-{keys[1]}": "1"})
        assert answer.status == 303
    coordinator.send(at(vote, "close"))
    page = coordinator.page(at(vote))
    assert "5 dots (3 ballots)" in page.text(".vote-ranking")
    assert "3 dots (3 ballots)" in page.text(".vote-ranking")
    need = db.session.get_one(Need, boys.id)
    assert (need.importance, need.rating_source) == (2, RatingSource.HAND)


def test_closing_twice_counts_once(app: Flask, coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership)
    for _phone in range(3):
        vote_by_phone(app, vote.token, (5, 4))
    coordinator.send(at(vote, "close"))
    closed_at, version = the_vote().closed_at, the_vote().version
    again = coordinator.send(at(vote, "close"))
    assert again.location == at(vote)
    assert coordinator.page(at(vote)).text(".flash") == "Nothing was changed: someone already did this."
    assert (the_vote().closed_at, the_vote().version, the_vote().ballots) == (closed_at, version, 3)
    rated = sa.select(sa.func.count()).where(
        HistoryEntry.thing == "strengths_need", HistoryEntry.field == "importance"
    )
    assert db.session.scalar(rated) == 1


def test_a_need_that_is_none_any_more_is_not_rated(app: Flask, coordinator: EngageClient) -> None:
    need = make_need(coordinator.membership)
    vote = make_vote(coordinator.membership, [need])
    for _phone in range(3):
        vote_by_phone(app, vote.token, (5, 4))
    db.session.get_one(Need, need.id).closed_on = date(2026, 11, 3)
    db.session.commit()
    coordinator.send(at(vote, "close"))
    assert db.session.get_one(Need, need.id).importance is None
    assert "no longer a need" in coordinator.page(at(vote)).text(".vote-ranking")


# -- again


def test_reopened_ballots_are_still_there_and_the_new_result_replaces_the_old(
    app: Flask, coordinator: EngageClient
) -> None:
    need = make_need(coordinator.membership)
    vote = make_vote(coordinator.membership, [need])
    phones = [vote_by_phone(app, vote.token, (1, 2)) for _phone in range(3)]
    coordinator.send(at(vote, "close"))
    assert coordinator.send(at(vote, "reopen")).location == at(vote)
    assert (the_vote().state, the_vote().ballots, how_many(Ballot)) == (VoteState.OPEN, None, 3)
    key = db.session.scalars(sa.select(VoteNeed.id)).one()
    for client in phones:
        fields = {f"importance-{key}": "5", f"feasibility-{key}": "4"}
        assert client.send(f"/vote/{vote.token}", **fields).status == 303
    coordinator.send(at(vote, "close"))
    rated = db.session.get_one(Need, need.id)
    assert (rated.importance, rated.feasibility, the_vote().ballots) == (5, 4, 3)


def test_only_a_closed_vote_is_reopened(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, state=VoteState.PREPARED)
    assert coordinator.page(coordinator.send(at(vote, "reopen")).location or "").has("Nothing was changed")
    assert the_vote().state is VoteState.PREPARED


def test_a_day_later_the_ballots_are_erased_and_the_counts_stay(
    app: Flask, coordinator: EngageClient
) -> None:
    need = make_need(coordinator.membership)
    vote = make_vote(coordinator.membership, [need])
    for _phone in range(3):
        vote_by_phone(app, vote.token, (5, 4))
    coordinator.send(at(vote, "close"))
    with time_machine.travel(clock.now() + timedelta(hours=25), tick=False):
        assert not coordinator.page(at(vote)).all("form[action$=reopen]")
        assert coordinator.send(at(vote, "reopen")).status == 409
        make_vote(coordinator.membership, [need])  # preparing the next one clears away
        assert (how_many(Ballot), how_many(BallotRating)) == (0, 0)
        page = coordinator.page(at(vote))
        assert "importance 5 x feasibility 4 = 20 (3 ballots)" in page.text(".vote-ranking")
        assert "3 ballots" in page.text("#strengths-vote-standing")


@pytest.mark.parametrize("later", [timedelta(hours=1), timedelta(hours=25)])
def test_a_closed_vote_is_not_opened_by_the_button_of_a_page_from_before(
    app: Flask, coordinator: EngageClient, later: timedelta
) -> None:
    """Only opening it again asks whether its ballots are erased."""
    vote = make_vote(coordinator.membership, [make_need(coordinator.membership)])
    vote_by_phone(app, vote.token, (5, 4))
    coordinator.send(at(vote, "close"))
    with time_machine.travel(clock.now() + later, tick=False):
        page = coordinator.send(at(vote, "open"))
    assert (page.status, the_vote().state) == (409, VoteState.CLOSED)
    assert page.has("This vote has ended. On its page you can vote again on the same needs.")


def test_erasing_leaves_open_and_fresh_votes_alone(app: Flask, coordinator: EngageClient) -> None:
    need = make_need(coordinator.membership)
    opened = make_vote(coordinator.membership, [need])
    closed = make_vote(coordinator.membership, [need])
    for vote in (opened, closed):
        vote_by_phone(app, vote.token, (5, 4))
    votes_service.close(coordinator.membership, db.session.get_one(Vote, closed.id))
    assert votes_service.erase_old_ballots(clock.now() + timedelta(hours=23)) == 0
    assert votes_service.erase_old_ballots(clock.now() + timedelta(hours=25)) == 1
    assert votes_service.erase_old_ballots(clock.now() + timedelta(hours=25)) == 0
    db.session.commit()
    assert db.session.scalars(sa.select(Ballot.vote_id)).all() == [opened.id]


def test_starting_over_throws_everything_away(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    vote = make_vote(me, [make_need(me)], hands=[make_need(me, "Hands")])
    vote_by_phone(app, vote.token, (5, 4))
    coordinator.send(at(vote, "hands"), **hand_fields(vote, [0, 0, 0, 0, 7], [0, 7, 0, 0, 0]))
    asked = coordinator.page(at(vote, "start-over"))
    assert asked.has("1 ballot")
    assert asked.has("Keep the vote open")
    assert how_many(Ballot) == 1
    assert coordinator.send(at(vote, "start-over")).location == at(vote)
    assert (the_vote().state, how_many(Ballot), how_many(BallotRating)) == (VoteState.PREPARED, 0, 0)
    assert not any(db.session.scalars(sa.select(VoteNeed.hands)))
    assert coordinator.page(at(vote, "edit")).value("title") == "What first?"


def test_a_second_vote_asks_the_same_and_replaces_the_first(app: Flask, coordinator: EngageClient) -> None:
    me = coordinator.membership
    need, gone = make_need(me), make_need(me, "No more")
    first = make_vote(me, [need, gone], state=VoteState.CLOSED)
    db.session.get_one(Need, gone.id).closed_on = TODAY
    db.session.commit()
    answer = coordinator.send(at(first, "again"))
    second = db.session.scalars(sa.select(Vote).where(Vote.id != first.id)).one()
    assert answer.location == at(second, "edit")
    assert (second.state, second.title, second.token != first.token) == (
        VoteState.PREPARED,
        "What first?",
        True,
    )
    assert db.session.scalars(sa.select(VoteNeed.need_id).where(VoteNeed.vote_id == second.id)).all() == [
        need.id
    ]


# -- slips


def test_slips_are_made_and_only_unused_ones_are_printed(app: Flask, coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, access=VoteAccess.CODES)
    assert coordinator.page(at(vote, "slips")).text("#strengths-slips") == "No slips yet."
    assert coordinator.send(at(vote, "slips"), count="3").location == at(vote, "slips")
    page = coordinator.page(at(vote, "slips"))
    assert "3 unused slips" in page.text("#strengths-slips")
    assert len(page.all(".vote-slip svg")) == 3
    link = page.texts(".vote-slip-link")[0]
    code = link.rpartition("/")[2]
    vote_by_phone(app, code, (5, 4))
    page = coordinator.page(at(vote, "slips"))
    assert len(page.texts(".vote-slip-link")) == 2
    assert link not in page.texts(".vote-slip-link")
    assert "1 was used" in page.text("#strengths-slips")
    # What is stored does not give the code away.
    stored = db.session.execute(sa.select(VoteCode.nonce, VoteCode.token_hash)).all()
    assert all(code not in (row.nonce, row.token_hash) for row in stored)


@pytest.mark.parametrize("count", ["0", "201", "many", ""])
def test_a_number_of_slips_that_is_none_is_refused(coordinator: EngageClient, count: str) -> None:
    vote = make_vote(coordinator.membership, access=VoteAccess.CODES)
    page = coordinator.send(at(vote, "slips"), count=count)
    assert (page.status, bool(page.errors), how_many(VoteCode)) == (422, True, 0)


def test_no_more_slips_than_ballots_can_be(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, access=VoteAccess.CODES)
    votes_service.make_slips(coordinator.membership, db.session.get_one(Vote, vote.id), 400)
    db.session.commit()
    assert coordinator.send(at(vote, "slips"), count="101").status == 409
    assert how_many(VoteCode) == 400


def test_an_open_vote_has_no_slips(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership)
    assert coordinator.get(at(vote, "slips")).status_code == 404


# -- goals


def test_chosen_needs_become_goals_of_the_draft_in_one_step(coordinator: EngageClient) -> None:
    me = coordinator.membership
    boys, rides = make_need(me, "Boys"), make_need(me, "Rides")
    vote = make_vote(me, [boys, rides], state=VoteState.CLOSED)
    make_plan()
    draft = make_plan(status=PlanStatus.DRAFT, title="Next year")
    answer = coordinator.send(at(vote, "goals"), need=[str(boys.id)])
    assert answer.location == f"/c/riverbend/plan/?plan={draft.id}"
    goal = db.session.scalars(sa.select(Goal)).one()
    assert (goal.title, goal.area, goal.plan_id) == ("Boys", "response", draft.id)
    assert db.session.scalars(sa.select(GoalNeed.need_id)).all() == [boys.id]
    # Twice is once; the page says which are goals.
    coordinator.send(at(vote, "goals"), need=[str(boys.id)])
    assert how_many(Goal) == 1
    page = coordinator.page(at(vote))
    assert "in the draft" in page.text(".vote-ranking")
    assert [node.attributes["value"] for node in page.all("input[name=need]")] == [str(rides.id)]


def test_without_a_draft_one_is_started(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, state=VoteState.CLOSED)
    needs = [str(row.need_id) for row in db.session.scalars(sa.select(VoteNeed))]
    coordinator.send(at(vote, "goals"), need=needs)
    plan = db.session.scalars(sa.select(Plan)).one()
    assert (plan.status, how_many(Goal)) == (PlanStatus.DRAFT, 2)


def test_goals_without_a_tick_or_of_another_need_are_refused(coordinator: EngageClient) -> None:
    vote = make_vote(coordinator.membership, state=VoteState.CLOSED)
    other = make_need(coordinator.membership, "Not voted on")
    for ticked in ([], [str(other.id)], ["x"]):
        page = coordinator.send(at(vote, "goals"), need=ticked)
        assert page.status == 422
        assert "Check at least one need" in page.text(".error-summary")
    assert how_many(Goal) == 0


# -- the list


def test_an_empty_list_says_what_a_vote_is_for(coordinator: EngageClient) -> None:
    assert not coordinator.page(BASE).all("a[href$='votes/new']")
    assert coordinator.page(f"{BASE}new").has("There is nothing to vote on yet")
    make_need(coordinator.membership)
    assert coordinator.page(BASE).all("a[href$='votes/new']")


def test_pages_ask_the_database_as_often_for_many_needs_and_votes_as_for_few(
    coordinator: EngageClient,
) -> None:
    me = coordinator.membership
    few = make_vote(me, [make_need(me)], state=VoteState.CLOSED)
    many = make_vote(me, [make_need(me, f"Need {n}") for n in range(20)], state=VoteState.CLOSED)
    counts = []
    for address in [at(vote, path) for vote in (few, many) for path in ("", "screen")]:
        with counted_queries() as statements:
            coordinator.page(address)
        counts.append(len(statements))
    assert counts[:2] == counts[2:]
    with counted_queries() as before:
        coordinator.page(BASE)
    for _vote in range(5):
        make_vote(me, [make_need(me)])
    with counted_queries() as after:
        coordinator.page(BASE)
    assert len(after) == len(before)
