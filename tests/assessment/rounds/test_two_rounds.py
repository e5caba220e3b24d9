"""A round for anyone with the link is open beside the round for members: each with its own link and results."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.assessment import queries
from engage.assessment.channels import queries as channels_queries
from engage.assessment.channels import service as channels_service
from engage.assessment.models import Response, Round, StoredRelease, Tally
from engage.assessment.questions import frozen
from engage.assessment.results.queries import released
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Asked, ChannelKind
from engage.coalitions.models import Coalition, Membership
from engage.content.loader import content
from engage.errors import WrongState
from engage.extensions import db
from engage.messages.letters import audiences
from engage.messages.letters import links as letter_links
from engage.operations.coalition_file.queries.export import document_of, text_of
from engage.operations.coalition_file.service import importing
from engage.strengths.needs.gaps import shown_rounds
from tests.assessment.guests.rows import Phone, answered, open_channel, token
from tests.client import EngageClient
from tests.factories import make_membership, make_response, make_round

HERE = "/c/riverbend/assessment/"
NEXT_WEEK = clock.today("America/Chicago") + timedelta(days=7)
GOOD = {
    "title": "What residents see 2026",
    "closes_on": NEXT_WEEK.isoformat(),
    "k": "3",
    "asked": "anyone",
    "questions": "short",
}
SHORT = [each.key for each in content().indicators if each.short]
# One statement of the short set, and one that only the whole set asks.
BOTH = SHORT[0]
ONLY_MEMBERS = next(each.key for each in content().indicators if not each.short)


def for_anyone(**overrides: Any) -> Round:
    whole = frozen(content(), "en")
    short = whole.without([each.key for each in content().indicators if not each.short])
    values = {"title": "What residents see 2026", "asked": Asked.ANYONE, "questions": short.to_json()}
    return make_round(**{**values, **overrides})


def link_of(round_: Round) -> str:
    channel = channels_queries.channel_of(db.session.get_one(Round, round_.id), ChannelKind.LINK)
    assert channel is not None
    return token(channel)


def at(round_: Round, path: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/{path}"


def members_answer(round_: Round, rating: int, people: int = 5) -> None:
    for _person in range(people):
        make_response(
            round_, make_membership(user=None), {BOTH: rating, ONLY_MEMBERS: rating}, sector="health"
        )


def residents_answer(round_: Round, rating: int, people: int = 10) -> None:
    """Residents answer by slip or on paper, as closing counts them."""
    for _person in range(people):
        response = make_response(
            round_, make_membership(user=None), {BOTH: rating}, sector="residents", respondent_id=None
        )
        response.started_at = None
    db.session.commit()


def close(by: Membership, round_: Round) -> None:
    rounds_service.close_round(by, round_)
    db.session.commit()


# -- opening


def test_anyone_with_the_link_is_a_way_to_open_a_round_and_the_link_is_on_its_page(
    app: Flask, coordinator: EngageClient
) -> None:
    page = coordinator.page(f"{HERE}rounds/new")
    assert page.texts("#asked input + label .option-name") == [
        "Everyone in the coalition, except viewers",
        "Only the people you invite",
        "Anyone with the link",
    ]
    sent = coordinator.send(f"{HERE}rounds/new", **GOOD)
    round_ = db.session.scalars(sa.select(Round)).one()
    assert (sent.status, sent.location) == (303, at(round_, "doors/"))
    assert round_.asked is Asked.ANYONE
    link = link_of(round_)
    page = coordinator.page(at(round_, "doors/"))
    assert page.text("h1") == "What residents see 2026"
    assert str(page.one("#assessment-door-link").attributes["value"]).endswith(f"/answer/{link}")
    assert len(page.all("#assessment-link svg.qr")) == 1
    assert page.one(f"#assessment-link a[href='{at(round_, 'doors/poster')}']")
    assert not page.all("#assessment-link [data-print]"), "the poster is what one prints"
    assert f"/answer/{link}" in page.text("#assessment-link-text")
    assert "/c/riverbend" not in page.text("#assessment-link-text")
    assert Phone(app, link).start().status == 303


def test_a_round_for_anyone_starts_with_the_short_set_and_its_own_title(coordinator: EngageClient) -> None:
    page = coordinator.page(f"{HERE}rounds/new?asked=anyone")
    checked = [each.attributes["value"] for each in page.all("input[type=radio][checked]")]
    assert checked == ["anyone", "short"]
    assert page.value("title") == f"What residents see {clock.today('America/Chicago').year}"


def test_beside_a_round_for_members_only_one_for_anyone_is_offered(coordinator: EngageClient) -> None:
    members = make_round()
    assert coordinator.page(HERE).one(f"a[href='{HERE}rounds/new?asked=anyone']")
    page = coordinator.page(f"{HERE}rounds/new")
    assert page.texts("#asked input + label .option-name") == ["Anyone with the link"]
    assert [each.attributes["value"] for each in page.all("input[type=radio][checked]")] == [
        "anyone",
        "short",
    ]
    assert page.has("“Community assessment 2026” stays open beside it, with its own results.")
    assert coordinator.send(f"{HERE}rounds/new", **GOOD).status == 303
    assert queries.open_rounds(coordinator.membership)[0] == members
    assert coordinator.get(f"{HERE}rounds/new").location == HERE


def test_beside_a_round_for_anyone_only_one_for_members_is_offered(coordinator: EngageClient) -> None:
    for_anyone()
    page = coordinator.page(f"{HERE}rounds/new")
    assert page.texts("#asked input + label .option-name") == [
        "Everyone in the coalition, except viewers",
        "Only the people you invite",
    ]
    again = coordinator.send(f"{HERE}rounds/new", **{**GOOD, "title": "Typed with care"})
    assert again.status == 422
    assert again.errors == [
        "“What residents see 2026” is open for them. Close it before you open another round."
    ]
    assert again.value("title") == "Typed with care"
    assert coordinator.send(f"{HERE}rounds/new", **{**GOOD, "asked": "everyone"}).status == 303


def test_the_database_holds_one_open_round_of_each_kind(coordinator: EngageClient) -> None:
    make_round()
    for_anyone()
    for asked in Asked:
        with pytest.raises(sa.exc.IntegrityError):
            make_round(asked=asked)
        db.session.rollback()


def test_whether_a_round_is_for_anyone_stays_as_it_was_opened(coordinator: EngageClient) -> None:
    residents, members = for_anyone(), make_round()
    assert not coordinator.page(at(residents, "edit")).all("#asked")
    version = coordinator.page(at(residents, "edit")).value("version")
    changes = {"title": "Neighbors", "closes_on": GOOD["closes_on"], "k": "3", "version": version}
    assert coordinator.send(at(residents, "edit"), **changes, asked="everyone").status == 303
    assert db.session.get_one(Round, residents.id).asked is Asked.ANYONE
    assert db.session.get_one(Round, residents.id).title == "Neighbors"
    page = coordinator.page(at(members, "edit"))
    assert len(page.all("#asked input")) == 2
    changes["version"] = page.value("version")
    assert coordinator.send(at(members, "edit"), **changes, asked="anyone").status == 422
    assert db.session.get_one(Round, members.id).asked is Asked.EVERYONE


# -- answering


def test_each_link_leads_to_its_own_round_on_the_same_phone(app: Flask, coordinator: EngageClient) -> None:
    members, residents = make_round(), for_anyone()
    links = [token(open_channel(coordinator.membership, each)) for each in (members, residents)]
    phone = Phone(app, links[0])
    phone.start()
    assert phone.answers({BOTH: 1}).page().has("1 of 43")
    phone.token = links[1]
    assert phone.page().has("Which of these are you?")
    phone.start("health")
    assert phone.answers({BOTH: 4}, submit=False).page().has(f"1 of {len(SHORT)}")
    found = db.session.execute(sa.select(Response.round_id, Response.sector, Response.submitted)).all()
    assert sorted(map(tuple, found)) == sorted(
        [(members.id, "residents", True), (residents.id, "health", False)]
    )
    phone.token = links[0]
    assert phone.page().has("1 of 43")


def test_a_round_for_anyone_takes_no_answers_with_an_account_and_says_where_to_go(
    member: EngageClient, viewer: EngageClient, coordinator: EngageClient
) -> None:
    residents = for_anyone()
    link = token(open_channel(coordinator.membership, residents))
    page = member.page(at(residents))
    assert page.has("That includes you.")
    assert page.one(f"a.btn-primary[href='/answer/{link}']")
    assert member.page(HERE).one(f"#assessment-open-anyone a[href='/answer/{link}']")
    assert member.send(at(residents, "start")).status == 409
    assert not viewer.page(HERE).all("#assessment-open-anyone a")
    assert db.session.scalars(sa.select(Response)).all() == []


def test_closed_paper_and_slips_of_a_round_for_anyone_lead_to_its_link(coordinator: EngageClient) -> None:
    residents = for_anyone()
    assert coordinator.page(at(residents, "paper")).text(".paper-address").endswith(at(residents))
    link = token(open_channel(coordinator.membership, residents))
    assert coordinator.page(at(residents, "paper")).text(".paper-address").endswith(f"/answer/{link}")


# -- home, reminders, letters


def test_home_names_the_round_for_members_and_the_one_that_is_over(
    member: EngageClient, coordinator: EngageClient
) -> None:
    members = make_round(title="For members", closes_on=NEXT_WEEK)
    for_anyone(closes_on=NEXT_WEEK - timedelta(days=30))
    assert member.page("/c/riverbend/").text("#home-next h2") == "Next: answer “For members”"
    assert not member.page("/c/riverbend/").has("What residents see")
    page = coordinator.page("/c/riverbend/")
    assert page.text("#home-next h2") == "Next: close the round “What residents see 2026”"
    assert f'href="{at(members)}"' in page.html


def test_reminders_go_to_those_whom_the_round_for_members_asks(app: Flask, coordinator: EngageClient) -> None:
    members, residents = make_round(title="For members"), for_anyone()
    boss = coordinator.membership
    offered = dict(audiences.offered(boss, ""))
    assert offered[f"round:{members.id}"] == "People who have not answered “For members”"
    assert f"round:{residents.id}" not in offered
    assert audiences.audience(boss, f"round:{residents.id}") is None
    assert letter_links.about(boss.coalition, f"round:{residents.id}") is None
    open_channel(boss, residents)
    about = letter_links.about(boss.coalition, f"open_link:{residents.id}")
    assert about is not None
    with app.test_request_context():
        assert "/answer/" in about.shared_url(boss.coalition)
    for path in ("respondents/", "remind", "invite"):
        assert coordinator.get(at(residents, path), follow_redirects=True).request.path == at(
            residents, "doors/"
        )


def test_a_text_to_share_without_an_open_link_says_how_to_join_first(coordinator: EngageClient) -> None:
    members = make_round()
    text = coordinator.page(at(members, "respondents/")).text("#assessment-tell-text")
    assert "You need to have joined: if you have not, use the link in your invitation first." in text
    open_channel(coordinator.membership, members)
    page = coordinator.page(at(members, "respondents/"))
    assert not page.all("#assessment-tell")
    assert at(members) not in page.text("#assessment-link-text")


def test_the_days_work_counts_who_came_to_both_rounds(app: Flask, coordinator: EngageClient) -> None:
    rounds = [make_round(), for_anyone()]
    for each in rounds:
        answered(app, token(open_channel(coordinator.membership, each)), {BOTH: 2})
    db.session.execute(sa.delete(Tally))
    db.session.commit()
    here = coordinator.membership.coalition_id
    assert channels_service.coalitions_to_count() == [here]
    assert channels_service.keep_tally_of(here) == 2
    db.session.commit()
    assert set(db.session.scalars(sa.select(Tally.round_id))) == {each.id for each in rounds}


# -- closing


def ends(coordinator: Membership, order: Sequence[str], residents: int = 4) -> dict[str, Round]:
    rounds = {"members": make_round(title="For members"), "residents": for_anyone()}
    members_answer(rounds["members"], 1)
    residents_answer(rounds["residents"], residents)
    for number, name in enumerate(order):
        close(coordinator, rounds[name])
        left = {each.title for each in queries.open_rounds(coordinator)}
        assert left == {rounds[each].title for each in order[number + 1 :]}
    return rounds


ORDERS = [("members", "residents"), ("residents", "members")]


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_the_two_close_in_either_order_and_their_results_stay_apart(
    coordinator: EngageClient, member: EngageClient, order: Sequence[str]
) -> None:
    rounds = ends(coordinator.membership, order)
    shown = {}
    for name, round_ in rounds.items():
        stored = released.release_of(round_)
        assert stored is not None
        lines = {row["key"]: row["all"] for area in stored.results["areas"] for row in area["indicators"]}
        shown[name] = (stored.respondents, lines[BOTH], lines.get(ONLY_MEMBERS))
    assert shown == {"members": (5, [1.0, 5], [1.0, 5]), "residents": (10, [4.0, 10], None)}
    page = member.page(HERE)
    assert page.texts("#assessment-closed .row-link") == [rounds[name].title for name in reversed(order)]
    assert page.text("#assessment-closed").count("It was for anyone with the link.") == 1


def test_what_a_round_releases_does_not_depend_on_the_other_or_on_which_closes_first(
    coordinator: EngageClient,
) -> None:
    told = []
    for order, residents in ((ORDERS[0], 4), (ORDERS[1], 4), (ORDERS[0], 0)):
        rounds = ends(coordinator.membership, order, residents)
        stored = released.release_of(rounds["members"])
        assert stored is not None
        told.append((stored.results, stored.sets))
    assert told[0] == told[1] == told[2]


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_what_members_said_leads_whichever_was_closed_last(
    coordinator: EngageClient, order: Sequence[str]
) -> None:
    rounds = ends(coordinator.membership, order)
    boss = coordinator.membership
    latest = released.latest_results(boss)
    assert latest is not None
    assert latest.title == "For members"
    leading = queries.leading(queries.closed_rounds(boss))
    assert leading is not None
    assert leading.id == rounds["members"].id
    gaps = shown_rounds(boss).latest
    assert gaps is not None
    assert gaps.id == rounds["members"].id
    assert coordinator.page("/c/riverbend/reports/assessment").has("For members")


def test_a_round_for_anyone_leads_where_no_round_for_members_was_open_beside_it(
    coordinator: EngageClient,
) -> None:
    boss = coordinator.membership
    rounds = ends(boss, ORDERS[0])
    later = for_anyone(title="A year later")
    residents_answer(later, 3)
    close(boss, later)
    latest = released.latest_results(boss)
    assert latest is not None
    assert latest.title == "A year later"
    # Members' results of the year before are no starting point for a change.
    before = released.releases_before(later, 6)
    assert [round_.id for round_, _stored in before] == [rounds["residents"].id]


def test_a_round_for_members_that_shows_nothing_does_not_lead(coordinator: EngageClient) -> None:
    members, residents = make_round(title="For members"), for_anyone()
    residents_answer(residents, 4)
    for each in (residents, members):
        close(coordinator.membership, each)
    latest = released.latest_shown(coordinator.membership)
    assert latest is not None
    assert queries.leading(queries.closed_rounds(coordinator.membership)) is not None
    leading = queries.leading(queries.closed_rounds(coordinator.membership))
    assert leading is not None
    assert leading.id == residents.id


@pytest.mark.parametrize("order", ORDERS, ids=" then ".join)
def test_the_two_are_compared_where_their_statements_are_the_same(
    coordinator: EngageClient, member: EngageClient, order: Sequence[str]
) -> None:
    rounds = ends(coordinator.membership, order)
    ids = [rounds[name].id for name in order]
    for one, other in (ids, ids[::-1]):
        way = f"{HERE}compare?before={other}&after={one}"
        assert member.page(f"{HERE}rounds/{one}/results/").one(f"#assessment-beside a[href='{way}']")
    for query in ("", f"?before={ids[0]}&after={ids[1]}", f"?before={ids[1]}&after={ids[0]}"):
        page = member.page(f"{HERE}compare{query}")
        assert page.texts("#assessment-compared thead th") == [
            "Focus area",
            "For members",
            "What residents see 2026",
            "Difference",
        ]
        assert page.text("#assessment-moves").startswith(
            "Of the statements that both rounds show, 1 is higher with the link."
        )
        heading = page.text("main .heading-row")
        day = clock.today("America/Chicago")
        date = f"{day:%b} {day.day}, {day.year}"
        assert f"Members: For members , {date} to {date}, 5 people." in heading
        assert f"Anyone with the link: What residents see 2026 , {date} to {date}, 10 people." in heading
        assert page.has("3.0 higher")
        assert page.has("Not compared: not asked in “What residents see 2026”.")
        assert not page.has("Done in between")


def test_each_kind_is_reopened_by_itself(coordinator: EngageClient) -> None:
    boss = coordinator.membership
    rounds = ends(boss, ORDERS[0])
    for each in rounds.values():
        rounds_service.reopen_round(boss, each, "Two people were away.", NEXT_WEEK)
        db.session.commit()
    assert {each.id for each in queries.open_rounds(boss)} == {each.id for each in rounds.values()}
    for each in rounds.values():
        close(boss, each)
    later = for_anyone(title="A year later")
    close(boss, later)
    with pytest.raises(WrongState):
        rounds_service.reopen_round(boss, rounds["residents"], "Too late", NEXT_WEEK)
    db.session.rollback()
    rounds_service.reopen_round(boss, rounds["members"], "Two people were away.", NEXT_WEEK)


def test_closing_a_round_for_anyone_names_no_one_to_remind(app: Flask, coordinator: EngageClient) -> None:
    residents = for_anyone()
    phone = Phone(app, token(open_channel(coordinator.membership, residents)))
    phone.start()
    phone.answers({BOTH: 2}, submit=False)
    page = coordinator.page(at(residents, "close"))
    assert page.text("#assessment-losing").startswith("Answers that would be lost 1 person has answered 1")
    assert not page.all("#assessment-losing a")
    assert not page.all("#assessment-turn-out")
    assert coordinator.send(at(residents, "close"), losing="1").location == at(residents, "results/")
    assert db.session.scalars(sa.select(StoredRelease.respondents)).one() == 0


# -- the coalition's file


def test_a_file_brings_both_open_rounds_to_another_installation(
    app: Flask, coordinator: EngageClient
) -> None:
    for each in (make_round(), for_anyone()):
        answered(app, token(open_channel(coordinator.membership, each)), {BOTH: 2})
    text = text_of(document_of(coordinator.membership.coalition, single_answers=True))
    db.session.rollback()
    importing.write(importing.read(text.encode(), "riverbend-again"), None)
    db.session.commit()
    came = db.session.execute(
        sa.select(Round.asked, sa.func.count(Response.id))
        .join(Response, Response.round_id == Round.id)
        .join(Coalition, Coalition.id == Round.coalition_id)
        .where(Coalition.slug == "riverbend-again", queries.takes_answers())
        .group_by(Round.asked)
    ).all()
    assert sorted(map(tuple, came)) == [("anyone", 1), ("everyone", 1)]
