"""The coordinator's page of doors: opening and turning off, poster and slips, who came, leaving the link out."""

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock
from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels_service
from engage.assessment.models import Channel, Round, Slip, StoredRelease, Tally
from engage.assessment.rules import ChannelKind
from engage.coalitions.models import Coalition
from engage.content.loader import content
from engage.extensions import db
from engage.operations.coalition_file.queries.export import document_of
from tests.assessment.guests.rows import Phone, answered, open_channel, slip_codes, token
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_round

FIRST = content().indicators[0].key


@pytest.fixture
def round_() -> Round:
    return make_round()


def at(round_: Round, path: str = "") -> str:
    return f"/c/riverbend/assessment/rounds/{round_.id}/{path}"


def link_of(round_: Round) -> str:
    channel = channels_queries.channel_of(db.session.get_one(Round, round_.id), ChannelKind.LINK)
    assert channel is not None
    return token(channel)


def test_a_coordinator_opens_the_link_prints_the_poster_and_turns_it_off(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    assert coordinator.page(at(round_, "respondents/")).has("Answers without an account")
    assert coordinator.send(at(round_, "doors/link/open")).location == at(round_, "respondents/")
    link = link_of(round_)
    for path in ("respondents/", "doors/"):
        page = coordinator.page(at(round_, path))
        assert str(page.one("#assessment-door-link").attributes["value"]).endswith(f"/answer/{link}")
        assert len(page.all("#assessment-link svg.qr")) == 1
        assert page.one(f"#assessment-link a[href='{at(round_, 'doors/poster')}']")
        ready = page.text("#assessment-link-text")
        assert f"/answer/{link}" in ready
        assert "/c/riverbend/" not in ready  # that is where people sign in
        assert "You don't need an account" in ready
    poster = coordinator.page(at(round_, "doors/poster"))
    assert len(poster.all("#assessment-poster svg.qr")) == 1
    assert poster.text(".poster-link strong").replace(" ", "").endswith(f"/answer/{link}")
    assert Phone(app, link).start().status == 303
    assert coordinator.page(at(round_, "doors/link/turn-off")).has(
        "posters printed before then no longer work"
    )
    coordinator.send(at(round_, "doors/link/turn-off"))
    assert Phone(app, link).client.get(f"/answer/{link}").status_code == 410
    coordinator.send(at(round_, "doors/link/open"))
    assert link_of(round_) != link


def test_opening_twice_is_one_channel_and_no_one_else_may(
    coordinator: EngageClient, member: EngageClient, round_: Round
) -> None:
    for _again in range(2):
        coordinator.send(at(round_, "doors/link/open"))
    assert db.session.scalar(sa.select(sa.func.count(Channel.id))) == 1
    assert coordinator.send(at(round_, "doors/window/open")).status == 404
    assert member.get(at(round_, "doors/")).status_code == 403


def test_the_sheet_of_slips_does_not_tell_which_were_used_and_ends_when_more_are_made(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    assert coordinator.send(at(round_, "doors/slips/open")).location == at(round_, "doors/slips")
    assert coordinator.page(at(round_, "doors/slips")).text("#assessment-door-slips") == "No slips yet."
    assert coordinator.send(at(round_, "doors/slips"), count="0").status == 422
    coordinator.send(at(round_, "doors/slips"), count="3")
    page = coordinator.page(at(round_, "doors/slips"))
    assert len(page.all(".vote-slip svg")) == 3
    path = "/answer/" + page.texts(".vote-slip-link")[0].replace(" ", "").split("/answer/")[1]
    channel, code = path.removeprefix("/answer/").split("/")
    answered(app, channel, {FIRST: 1}, code=code)
    again = coordinator.page(at(round_, "doors/slips"))
    assert again.texts(".vote-slip") == page.texts(".vote-slip")
    coordinator.send(at(round_, "doors/slips"), count="1")
    newest = coordinator.page(at(round_, "doors/slips"))
    assert len(newest.all(".vote-slip")) == 1
    unused = page.texts(".vote-slip-link")[1].replace(" ", "").rpartition("/")[2]
    assert unused not in newest.text("main").replace(" ", "")
    answered(app, channel, {FIRST: 1}, code=unused)
    numbers = sorted(db.session.scalars(sa.select(Slip.id)))
    assert numbers != list(range(numbers[0], numbers[0] + 3))  # in no order that tells who got which


def test_the_numbers_of_mailed_codes_do_not_tell_in_which_order_the_mails_went_out(
    coordinator: EngageClient, round_: Round
) -> None:
    channel = open_channel(coordinator.membership, round_, ChannelKind.SLIPS)
    drawn = [channels_queries.code_hash(channels_service.draw_for_mail(channel)) for _mail in range(10)]
    stored = db.session.scalars(sa.select(Slip.code_hash).order_by(Slip.id)).all()
    assert sorted(stored) == sorted(drawn)
    assert stored != drawn


def test_who_came_is_two_lists_counted_once_a_day_with_nothing_below_k(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    for sector in ("faith", "faith", "faith", "health"):
        answered(app, link_of(round_), {FIRST: 1}, sector)
    page = coordinator.page(at(round_, "doors/"))
    assert page.text("#assessment-came-ways + dl").count("fewer than 3") == 2  # as of this morning
    with time_machine.travel(clock.now().replace(hour=20) + (clock.now() - clock.now().replace(hour=0))):
        channels_service.keep_tally_of(round_.coalition_id)
        db.session.commit()
        page = coordinator.page(at(round_, "doors/"))
    assert "By the open link 4" in page.text("#assessment-came-ways + dl")
    assert "Faith-based 3" in page.text("#assessment-came-sectors + dl")
    assert "Health" not in page.text("#assessment-came")


def test_leaving_out_the_link_is_one_press_before_the_first_closing_and_can_be_taken_back_until_then(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    link = link_of(round_)
    phones = [answered(app, link, {FIRST: 1}) for _phone in range(4)]
    slips = open_channel(coordinator.membership, db.session.get_one(Round, round_.id), ChannelKind.SLIPS)
    for code in slip_codes(coordinator.membership, slips, 5):
        answered(app, token(slips), {FIRST: 3}, code=code)
    coordinator.send(at(round_, "doors/leave-out"))
    refused = phones[0].client.get(phones[0].at())
    assert (refused.status_code, "do not count" in refused.text) == (410, True)
    assert coordinator.page(at(round_, "doors/")).has("All answers from the open link are left out")
    coordinator.send(at(round_, "doors/count-again"))
    assert phones[0].page().has("You have submitted 1 of")
    coordinator.send(at(round_, "doors/leave-out"))
    coordinator.send(at(round_, "close"), losing="0")
    page = coordinator.page(at(round_, "results/"))
    assert page.has("What 5 of us said")
    assert page.has("All answers that came through the open link were left out.")
    coordinator.send(at(round_, "reopen"), reason="More", closes_on="2027-01-01")
    assert coordinator.send(at(round_, "doors/count-again")).status == 409
    assert coordinator.send(at(round_, "doors/link/open")).status == 409


def test_what_the_first_closing_counted_is_not_left_out_after_a_reopening(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    for _phone in range(10):
        answered(app, link_of(round_), {FIRST: 1})
    assert coordinator.page(at(round_, "doors/")).has("If the open link was misused")
    coordinator.send(at(round_, "close"), losing="0")
    coordinator.send(at(round_, "reopen"), reason="More", closes_on="2027-01-01")
    assert not coordinator.page(at(round_, "doors/")).has("If the open link was misused")
    assert coordinator.send(at(round_, "doors/leave-out")).status == 409
    coordinator.send(at(round_, "close"), losing="0")
    assert coordinator.page(at(round_, "results/")).has("What 10 of us said")


@pytest.mark.parametrize(
    ("by_link", "by_slip", "words"),
    [
        (10, 10, "10 of these people answered through the open link"),
        (4, 10, "Some of these people answered through the open link"),
        (10, 6, "Some of these people answered through the open link"),
    ],
    ids=["many", "few", "few others"],
)
def test_results_say_how_many_came_by_the_link(
    app: Flask, coordinator: EngageClient, round_: Round, by_link: int, by_slip: int, words: str
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    slips = open_channel(coordinator.membership, db.session.get_one(Round, round_.id), ChannelKind.SLIPS)
    for _phone in range(by_link):
        answered(app, link_of(round_), {FIRST: 1})
    for code in slip_codes(coordinator.membership, slips, by_slip):
        answered(app, token(slips), {FIRST: 3}, code=code)
    coordinator.send(at(round_, "close"), losing="0")
    assert coordinator.page(at(round_, "results/")).text("#assessment-closed-on").count(words) == 1
    assert db.session.scalars(sa.select(StoredRelease.respondents)).one() == by_link + by_slip
    assert not db.session.scalars(sa.select(Tally)).all()


def test_a_coordinators_file_tells_no_number_below_k_of_who_came_by_the_link(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    for _phone in range(2):
        answered(app, link_of(round_), {FIRST: 1})
    coordinator.send(at(round_, "close"), losing="0")
    coalition = db.session.get_one(Coalition, round_.coalition_id)
    (whole,) = document_of(coalition, single_answers=True)["rows"]["assessment_round"]
    (readable,) = document_of(coalition, single_answers=False)["rows"]["assessment_round"]
    assert (whole["by_link"], readable["by_link"]) == (2, 0)


def test_the_page_takes_as_many_statements_with_many_slips_and_answers(
    app: Flask, coordinator: EngageClient, round_: Round
) -> None:
    coordinator.send(at(round_, "doors/link/open"))
    slips = open_channel(coordinator.membership, db.session.get_one(Round, round_.id), ChannelKind.SLIPS)
    here = at(round_, "doors/")
    with counted_queries() as few:
        coordinator.page(here)
    slip_codes(coordinator.membership, slips, 20)
    answered(app, link_of(round_), {FIRST: 1})
    with counted_queries() as many:
        coordinator.page(here)
    assert len(few) == len(many) <= 16
