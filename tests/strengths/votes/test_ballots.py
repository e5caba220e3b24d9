"""The vote on a phone: no account, one ballot a browser or a slip, changed until it closes, never half in."""

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask
from itsdangerous import Signer

from engage import clock
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.history import HistoryEntry
from engage.strengths.votes import queries as votes_queries
from engage.strengths.votes import rules as votes_rules
from engage.strengths.votes import service as votes_service
from engage.strengths.votes.ballots import service as ballots_service
from engage.strengths.votes.models import Ballot, BallotRating, Vote, VoteNeed
from engage.strengths.votes.rules import MOST_BALLOTS, VoteAccess, VoteMark, VoteMethod, VoteState
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_membership
from tests.strengths.rows import make_need
from tests.strengths.votes.rows import make_vote, phone, ratings, vote_by_phone

NOT_NAMED = {"membership", "user", "session", "address", "agent", "person", "time", "created", "_at"}


@pytest.fixture
def vote(app: Flask) -> Vote:
    return make_vote(make_membership())


def said() -> list[tuple[int | None, int | None]]:
    """Returns every saved rating, in the order of the needs."""
    rows = sa.select(BallotRating.importance, BallotRating.feasibility).order_by(
        BallotRating.ballot_id, BallotRating.vote_need_id
    )
    return [tuple(row) for row in db.session.execute(rows)]


def how_many() -> int:
    return db.session.scalar(sa.select(sa.func.count(Ballot.id))) or 0


def slip_codes(vote: Vote, count: int) -> list[str]:
    membership = make_membership()
    votes_service.make_slips(membership, db.session.get_one(Vote, vote.id), count)
    db.session.commit()
    slips, _used = votes_queries.slips_of(vote)
    return [code for slip in slips if (code := votes_service.code_of(slip))]


# -- handing in


def test_whoever_opens_the_link_can_hand_in_a_ballot_without_an_account(app: Flask, vote: Vote) -> None:
    client = phone(app)
    page = client.page(f"/vote/{vote.token}")
    assert page.texts(".ballot-need h2") == ["1 of 2 No bed for boys", "2 of 2 Rides after dark"]
    assert len(page.all("input[type=radio]")) == 20
    assert not page.all("input[checked]")
    answer = client.send(f"/vote/{vote.token}", **ratings(page, {0: (5, 3), 1: (2, 4)}))
    assert (answer.status, answer.location) == (303, f"/vote/{vote.token}/in")
    assert said() == [(5, 3), (2, 4)]
    assert "1 ballot" in client.page(f"/vote/{vote.token}/in").text(".ballot-count")


MORE_THAN_ONCE = "Anyone who has the link can vote more than once. Paper slips prevent that."


def test_a_ballot_by_the_link_says_that_someone_may_vote_twice_and_one_by_slip_does_not(
    app: Flask, vote: Vote, with_slips: Vote
) -> None:
    assert phone(app).page(f"/vote/{vote.token}").has(MORE_THAN_ONCE)
    (code,) = slip_codes(with_slips, 1)
    assert not phone(app).page(f"/vote/{code}").has(MORE_THAN_ONCE)


def test_the_same_browser_changes_its_ballot(app: Flask, vote: Vote) -> None:
    client = vote_by_phone(app, vote.token, (5, 3), (2, 4))
    page = client.page(f"/vote/{vote.token}")
    assert [node.attributes["value"] for node in page.all("input[checked]")] == ["5", "3", "2", "4"]
    assert page.has("Your ballot is in; you can change it here.")
    client.send(f"/vote/{vote.token}", **ratings(page, {0: (1, 1)}))
    assert (how_many(), said()) == (1, [(1, 1)])


def test_each_browser_has_a_ballot_of_its_own_and_sees_only_that(app: Flask, vote: Vote) -> None:
    vote_by_phone(app, vote.token, (5, 3))
    other = phone(app)
    assert not other.page(f"/vote/{vote.token}").all("input[checked]")
    vote_by_phone(app, vote.token, (1, 1))
    assert sorted(said(), key=str) == [(1, 1), (5, 3)]


def test_a_late_phone_votes_while_the_vote_is_open(app: Flask, vote: Vote) -> None:
    for _phone in range(3):
        vote_by_phone(app, vote.token, (5, 3))
    with time_machine.travel(clock.now() + timedelta(hours=3)):
        vote_by_phone(app, vote.token, (1, 1))
    assert how_many() == 4


def test_signing_in_or_out_makes_no_second_ballot(app: Flask, vote: Vote, member: EngageClient) -> None:
    page = member.page(f"/vote/{vote.token}")
    member.send(f"/vote/{vote.token}", **ratings(page, {0: (5, 3)}))
    member.send("/sign-out")
    page = member.page(f"/vote/{vote.token}")
    assert page.has("Your ballot is in")
    member.send(f"/vote/{vote.token}", **ratings(page, {0: (2, 2)}))
    assert (how_many(), said()) == (1, [(2, 2)])


def test_a_mistyped_link_says_to_check_it(client: EngageClient, vote: Vote) -> None:
    answer = client.get("/vote/nosuchvote")
    assert answer.status_code == 404
    assert "Check each character, or scan the code again." in answer.get_data(as_text=True)


def test_the_link_may_be_typed_in_capitals_and_with_hyphens(app: Flask, vote: Vote) -> None:
    typed = f"{vote.token[:4]}-{vote.token[4:]}".upper()
    assert phone(app).page(f"/vote/{typed}").text("h1") == "What first?"


def test_dots_are_handed_in(app: Flask) -> None:
    me = make_membership()
    vote = make_vote(me, [make_need(me), make_need(me, "Rides")], method=VoteMethod.DOTS)
    first, second = db.session.scalars(sa.select(VoteNeed.id).order_by(VoteNeed.position))
    client = phone(app)
    page = client.page(f"/vote/{vote.token}")
    assert "You have 5 dots. Spread them, at most 3 on one need." in page.text(".lead")
    assert page.text("#ballot-left") == "5 dots to give"
    client.send(f"/vote/{vote.token}", **{f"dots-{first}": "3", f"dots-{second}": "0"})
    assert db.session.execute(sa.select(BallotRating.vote_need_id, BallotRating.dots)).all() == [(first, 3)]
    page = client.page(f"/vote/{vote.token}")
    assert [node.attributes["value"] for node in page.all("input[checked]")] == ["3", "0"]
    assert page.text("#ballot-left") == "2 dots to give"
    words = json.loads(page.one("#ballot-left").attributes["data-words"] or "")
    assert words[:2] == ["All dots are given.", "1 dot to give"]


def test_one_need_after_the_other_is_the_same_form(app: Flask, vote: Vote) -> None:
    client = phone(app)
    page = client.page(f"/vote/{vote.token}?one=1")
    assert page.one("form.ballot-singly")
    assert page.texts(".ballot-step a") == ["Next need", "Back"]
    assert client.send(f"/vote/{vote.token}", **ratings(page, {0: (5, 3), 1: (2, 4)})).status == 303
    assert said() == [(5, 3), (2, 4)]


# -- refused


def test_half_a_rating_is_refused_with_everything_kept(app: Flask, vote: Vote) -> None:
    client = phone(app)
    page = client.page(f"/vote/{vote.token}")
    fields = ratings(page, {0: (5, 3), 1: (2, 4)})
    missing = next(name for name in list(fields)[2:] if name.startswith("feasibility"))
    answer = client.send(f"/vote/{vote.token}", **{**fields, missing: ""})
    assert answer.status == 422
    assert answer.text(".error-summary li") == "Rides after dark: Also say how feasible it is."
    target = answer.one(".error-summary a").attributes["href"] or ""
    assert answer.one(target)
    assert [node.attributes["value"] for node in answer.all("input[checked]")] == ["5", "3", "2"]
    assert how_many() == 0


def test_an_empty_ballot_is_refused(app: Flask, vote: Vote) -> None:
    client = phone(app)
    client.page(f"/vote/{vote.token}")
    answer = client.send(f"/vote/{vote.token}")
    assert (answer.status, answer.text(".error-summary li")) == (422, "Rate at least one need.")
    assert answer.one(answer.one(".error-summary a").attributes["href"] or "")


def test_too_many_dots_are_refused_with_the_sum(app: Flask) -> None:
    me = make_membership()
    vote = make_vote(me, [make_need(me), make_need(me, "Rides")], method=VoteMethod.DOTS)
    keys = list(db.session.scalars(sa.select(VoteNeed.id)))
    client = phone(app)
    client.page(f"/vote/{vote.token}")
    answer = client.send(f"/vote/{vote.token}", **{f"dots-{key}": "3" for key in keys})
    assert answer.status == 422
    assert "You gave 6 dots and have 5." in answer.text(".error-summary")
    assert answer.text("#ballot-left") == "You gave 6 dots and have 5. Remove some."
    assert answer.one(answer.one(".error-summary a").attributes["href"] or "")


def test_a_ballot_without_the_browsers_cookie_is_not_counted_and_nothing_is_lost(
    app: Flask, vote: Vote
) -> None:
    client = phone(app)
    fields = ratings(client.page(f"/vote/{vote.token}"), {0: (5, 3)})
    client.delete_cookie("ballot")
    answer = client.send(f"/vote/{vote.token}", **fields)
    assert (answer.status, how_many()) == (422, 0)
    assert "press the button again" in answer.text(".error-summary")
    assert [node.attributes["value"] for node in answer.all("input[checked]")] == ["5", "3"]
    assert client.send(f"/vote/{vote.token}", **fields).status == 303


@pytest.mark.parametrize("forged", ["somebody", "somebody.AAAA", "", "\u00e9"])
def test_a_cookie_that_we_did_not_sign_is_none(app: Flask, vote: Vote, forged: str) -> None:
    client = phone(app)
    fields = ratings(client.page(f"/vote/{vote.token}"), {0: (5, 3)})
    client.set_cookie("ballot", forged)
    assert client.send(f"/vote/{vote.token}", **fields).status == 422
    other_key = Signer("another key, another key, another key", salt="ballot").sign("x").decode()
    client.set_cookie("ballot", other_key)
    assert client.send(f"/vote/{vote.token}", **fields).status == 422
    assert how_many() == 0


def test_the_cookie_is_signed_and_out_of_reach_of_scripts_and_other_sites(app: Flask, vote: Vote) -> None:
    answer = phone(app).get(f"/vote/{vote.token}")
    cookie = next(each for each in answer.headers.getlist("Set-Cookie") if each.startswith("ballot="))
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie


def test_a_ballot_of_a_need_that_is_no_longer_asked_is_refused_whole(app: Flask, vote: Vote) -> None:
    need = db.session.scalars(sa.select(VoteNeed).order_by(VoteNeed.id)).first()
    assert need is not None
    key = ballots_service.key_hash("somebody", vote.id, None)
    with pytest.raises(ballots_service.BallotRefused) as refusal:
        ballots_service.cast(
            vote.coalition_id, vote.id, key, None, {need.id: VoteMark(5, 5), 999: VoteMark(1, 1)}
        )
    assert refusal.value.why is votes_rules.NotCounted.CHANGED
    assert how_many() == 0


def test_a_flood_ends_at_the_cap_and_a_ballot_that_is_in_can_still_be_changed(app: Flask, vote: Vote) -> None:
    client = vote_by_phone(app, vote.token, (5, 3))
    db.session.add_all(
        Ballot(coalition_id=vote.coalition_id, vote_id=vote.id, key_hash=f"flood {number}")
        for number in range(MOST_BALLOTS - 1)
    )
    db.session.commit()
    late = phone(app)
    fields = ratings(late.page(f"/vote/{vote.token}"), {0: (1, 1)})
    answer = late.send(f"/vote/{vote.token}", **fields)
    assert (answer.status, answer.text("h1")) == (409, "The vote is full")
    assert how_many() == MOST_BALLOTS
    assert client.send(f"/vote/{vote.token}", **fields).status == 303
    assert said() == [(1, 1)]


def test_forty_phones_of_one_address_are_never_slowed(app: Flask, vote: Vote) -> None:
    for number in range(40):
        vote_by_phone(app, vote.token, (number % 5 + 1, 3))
    assert how_many() == 40
    with counted_queries() as statements:
        phone(app).page(f"/vote/{vote.token}")
    assert not any("throttle" in statement for statement in statements)


# -- before and after


def test_before_it_opens_a_phone_waits(app: Flask) -> None:
    vote = make_vote(make_membership(), state=VoteState.PREPARED)
    client = phone(app)
    page = client.page(f"/vote/{vote.token}")
    assert page.text("h2") == "The vote opens in a moment"
    assert "No bed for boys" not in page.html
    assert client.send(f"/vote/{vote.token}").status == 409


def test_the_waiting_phone_asks_by_itself_and_goes_on_when_the_vote_opens(app: Flask) -> None:
    vote = make_vote(make_membership(), state=VoteState.PREPARED)
    client = phone(app)
    link = client.page(f"/vote/{vote.token}").one("#strengths-vote-waits a").attributes["data-hx-get"] or ""
    headers = {"HX-Request": "true"}
    with counted_queries() as statements:
        still = client.get(link, headers=headers)
    assert (still.status_code, still.get_data(), "HX-Redirect" in still.headers) == (204, b"", False)
    assert len(statements) == 1
    db.session.execute(sa.update(Vote).values(state=VoteState.OPEN, opened_at=clock.now()))
    db.session.commit()
    assert client.get(link, headers=headers).headers["HX-Redirect"] == f"/vote/{vote.token}"


def test_after_closing_the_link_shows_kind_words_and_nothing_of_the_coalition(app: Flask, vote: Vote) -> None:
    client = phone(app)
    fields = ratings(client.page(f"/vote/{vote.token}"), {0: (5, 3), 1: (1, 1)})
    votes_service.close(make_membership(), db.session.get_one(Vote, vote.id))
    db.session.commit()
    late = client.send(f"/vote/{vote.token}", **fields)
    assert (late.status, late.text("h1")) == (409, "The vote has ended")
    assert "your ballot is not counted" in late.text(".lead")
    assert (how_many(), said()) == (0, [])
    closed = client.get(f"/vote/{vote.token}")
    assert closed.status_code == 410
    assert "No bed for boys" not in closed.get_data(as_text=True)
    assert "No bed for boys" not in client.page(f"/vote/{vote.token}/in").html


def test_a_vote_that_starts_over_asks_everybody_anew(app: Flask, vote: Vote) -> None:
    client = vote_by_phone(app, vote.token, (5, 3))
    me = make_membership()
    votes_service.start_over(me, db.session.get_one(Vote, vote.id))
    db.session.commit()
    assert client.page(f"/vote/{vote.token}/in").has("The vote starts over")
    votes_service.open_vote(me, db.session.get_one(Vote, vote.id))
    db.session.commit()
    page = client.page(f"/vote/{vote.token}")
    assert not page.all("input[checked]")
    client.send(f"/vote/{vote.token}", **ratings(page, {0: (2, 2)}))
    assert said() == [(2, 2)]


def test_the_phone_that_waits_gets_nothing_until_something_is_new(app: Flask, vote: Vote) -> None:
    client = vote_by_phone(app, vote.token, (5, 3))
    link = client.page(f"/vote/{vote.token}/in").one(".ballot-refresh a").attributes["data-hx-get"] or ""
    headers = {"HX-Request": "true"}
    with counted_queries() as statements:
        assert client.get(link, headers=headers).status_code == 204
    assert len(statements) == 1
    vote_by_phone(app, vote.token, (1, 1))
    answer = client.get(link, headers=headers)
    assert (answer.status_code, "2 ballots" in answer.get_data(as_text=True)) == (200, True)
    assert client.page(link).text(".ballot-count") == "2 ballots"


@pytest.mark.parametrize("token", ["nothing", "x" * 300, "..", "%00", "89qxpe2z"])
def test_a_link_that_names_no_vote_is_none(client: EngageClient, token: str) -> None:
    assert client.get(f"/vote/{token}").status_code in {303, 308, 404}
    assert client.send(f"/vote/{token}").status in {303, 404, 405}


# -- no one can tell who


def test_a_ballot_holds_nothing_that_could_tell_who(app: Flask, vote: Vote, member: EngageClient) -> None:
    page = member.page(f"/vote/{vote.token}")
    before = db.session.scalar(sa.select(sa.func.count(HistoryEntry.id)))
    member.send(f"/vote/{vote.token}", **ratings(page, {0: (5, 3)}))
    columns = [column.name for model in (Ballot, BallotRating) for column in model.__table__.columns]
    assert [name for name in columns if any(word in name for word in NOT_NAMED)] == []
    assert db.session.scalar(sa.select(sa.func.count(HistoryEntry.id))) == before
    assert ballots_service.key_hash("one browser", 1, None) != ballots_service.key_hash(
        "one browser", 2, None
    )


def test_no_page_shows_a_single_ballot(app: Flask, vote: Vote, coordinator: EngageClient) -> None:
    """Two rooms that differ in what one person said look alike while the vote is open."""
    base = f"/c/riverbend/strengths/votes/{vote.id}"
    first, *_others = [vote_by_phone(app, vote.token, (5, 3)) for _phone in range(3)]
    paths = (f"{base}/", f"{base}/screen", "/c/riverbend/strengths/votes/")
    before = [coordinator.page(path).text("main") for path in paths]
    first.send(f"/vote/{vote.token}", **ratings(first.page(f"/vote/{vote.token}"), {0: (1, 1), 1: (5, 5)}))
    assert [coordinator.page(path).text("main") for path in paths] == before


# -- slips


@pytest.fixture
def with_slips(app: Flask) -> Vote:
    return make_vote(make_membership(), access=VoteAccess.CODES)


def test_with_slips_the_link_asks_for_the_code(app: Flask, with_slips: Vote) -> None:
    (code,) = slip_codes(with_slips, 1)
    client = phone(app)
    page = client.page(f"/vote/{with_slips.token}")
    assert not page.all("input[type=radio]")
    typed = f"{code[:5]}-{code[5:]}".upper()
    answer = client.send(f"/vote/{with_slips.token}/slip", code=typed)
    assert (answer.status, answer.location) == (303, f"/vote/{code}")
    vote_by_phone(app, code, (5, 3))
    assert how_many() == 1
    # Without a slip nothing is taken.
    assert client.send(f"/vote/{with_slips.token}").status == 409


def test_a_wrong_code_is_refused_with_what_was_typed(app: Flask, with_slips: Vote) -> None:
    client = phone(app)
    other = make_vote(make_membership(), access=VoteAccess.CODES)
    (theirs,) = slip_codes(other, 1)
    for typed in ("abc", "", theirs, "<b>"):
        page = client.send(f"/vote/{with_slips.token}/slip", code=typed)
        assert (page.status, page.value("code")) == (422, typed)
        assert page.errors == ["This code does not belong to this vote. Check each character."]


def test_a_slip_works_once_and_its_own_phone_may_change_the_ballot(app: Flask, with_slips: Vote) -> None:
    (code,) = slip_codes(with_slips, 1)
    first = vote_by_phone(app, code, (5, 3))
    second = phone(app)
    refused = second.get(f"/vote/{code}")
    assert refused.status_code == 409
    assert "This slip has been used" in refused.get_data(as_text=True)
    page = first.page(f"/vote/{code}")
    assert first.send(f"/vote/{code}", **ratings(page, {0: (1, 1)})).status == 303
    assert said() == [(1, 1)]


def test_two_people_may_share_a_phone_with_a_slip_each(app: Flask, with_slips: Vote) -> None:
    mine, yours = slip_codes(with_slips, 2)
    client = vote_by_phone(app, mine, (5, 3))
    page = client.page(f"/vote/{yours}")
    assert not page.all("input[checked]")
    assert client.send(f"/vote/{yours}", **ratings(page, {0: (1, 1)})).status == 303
    assert sorted(said(), key=str) == [(1, 1), (5, 3)]


def test_a_slip_is_no_second_ballot_once_the_vote_is_open_to_everybody(app: Flask, with_slips: Vote) -> None:
    (code,) = slip_codes(with_slips, 1)
    db.session.get_one(Vote, with_slips.id).access = VoteAccess.OPEN
    db.session.commit()
    client = vote_by_phone(app, with_slips.token, (5, 3))
    page = client.page(f"/vote/{code}")
    client.send(f"/vote/{code}", **ratings(page, {0: (1, 1)}))
    assert (how_many(), said()) == (1, [(1, 1)])


# -- at the same moment


def together(app: Flask, clients: list[EngageClient], path: str, fields: dict[str, str]) -> list[int]:
    """Returns the statuses of one post by each browser, all at the same moment."""
    start = Barrier(len(clients))
    tokens = [client.csrf_token() for client in clients]
    db.session.commit()

    def post(client: EngageClient, token: str) -> int:
        with app.app_context():  # the context of a thread of its own: sessions are not shared between them
            start.wait(timeout=10)
            return client.post(path, data={**fields, "csrf_token": token}).status_code

    with ThreadPoolExecutor(len(clients)) as pool:
        return sorted(pool.map(post, clients, tokens))


def test_of_two_phones_that_use_one_slip_at_once_one_is_counted(app: Flask, with_slips: Vote) -> None:
    (code,) = slip_codes(with_slips, 1)
    clients = [phone(app) for _phone in range(4)]
    pages = [client.page(f"/vote/{code}") for client in clients]
    statuses = together(app, clients, f"/vote/{code}", ratings(pages[0], {0: (5, 3), 1: (2, 2)}))
    assert statuses == [303, 409, 409, 409]
    assert (how_many(), said()) == (1, [(5, 3), (2, 2)])


def test_a_button_pressed_twice_at_once_is_one_ballot(app: Flask, vote: Vote) -> None:
    client = phone(app)
    page = client.page(f"/vote/{vote.token}")
    fields = ratings(page, {0: (5, 3), 1: (2, 2)})
    assert together(app, [client] * 4, f"/vote/{vote.token}", fields) == [303] * 4
    assert (how_many(), said()) == (1, [(5, 3), (2, 2)])


def test_twenty_phones_at_once_are_all_counted(app: Flask, vote: Vote) -> None:
    clients = [phone(app) for _phone in range(20)]
    pages = [client.page(f"/vote/{vote.token}") for client in clients]
    fields = ratings(pages[0], {0: (5, 3), 1: (2, 2)})
    assert together(app, clients, f"/vote/{vote.token}", fields) == [303] * 20
    assert (how_many(), len(said())) == (20, 40)


def test_ballots_that_arrive_while_it_closes_are_counted_or_refused_whole(app: Flask, vote: Vote) -> None:
    clients = [phone(app) for _phone in range(8)]
    pages = [client.page(f"/vote/{vote.token}") for client in clients]
    fields, path = ratings(pages[0], {0: (5, 3), 1: (2, 2)}), f"/vote/{vote.token}"
    closer_id, vote_id = make_membership().id, vote.id
    start = Barrier(2)

    def close() -> None:
        with app.app_context():
            start.wait(timeout=10)
            membership = db.session.get_one(Membership, closer_id)
            votes_service.close(membership, db.session.get_one(Vote, vote_id))
            db.session.commit()

    with ThreadPoolExecutor(1) as pool:
        closing = pool.submit(close)
        start.wait(timeout=10)
        statuses = together(app, clients, path, fields)
        closing.result()
    counted = db.session.get_one(Vote, vote_id, populate_existing=True).ballots
    assert set(statuses) <= {303, 409}
    assert counted == statuses.count(303) == how_many()
    assert len(said()) == 2 * how_many()
