"""Tests who answers a round, over HTTP: inviting, progress, reminding, removing, changing, reopening."""

from collections.abc import Callable
from datetime import date, timedelta
from urllib.parse import unquote

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock
from engage.assessment.models import Answer, Participant, Reopening, Response, Round
from engage.assessment.rounds import service as rounds_service
from engage.assessment.rules import Asked
from engage.coalitions.models import Membership, MembershipDiscipline
from engage.coalitions.rules import Role
from engage.config import MailServer
from engage.extensions import db
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_affiliation,
    make_closed_round,
    make_coalition,
    make_membership,
    make_organization,
    make_response,
    make_round,
    saved,
)

HERE = "/c/riverbend/assessment/"
FIRST = "public-understanding"
NEXT_WEEK = clock.today("America/Chicago") + timedelta(days=7)
ClientOf = Callable[[Membership], EngageClient]


def at(round_: Round, rest: str = "") -> str:
    return f"{HERE}rounds/{round_.id}/{rest}"


def person(name: str, *disciplines: str, **overrides: object) -> Membership:
    made = make_membership(name=name, **overrides)
    for key in disciplines:
        saved(MembershipDiscipline(coalition_id=made.coalition_id, membership_id=made.id, discipline=key))
    return made


def invited(round_: Round) -> dict[int, str]:
    rows = sa.select(Participant).where(Participant.round_id == round_.id)
    return {row.membership_id: row.discipline for row in db.session.scalars(rows)}


# Opening


def test_a_round_for_invited_people_leads_to_inviting_them(coordinator: EngageClient) -> None:
    good = {"title": "Round", "closes_on": NEXT_WEEK.isoformat(), "k": "3", "asked": "invited"}
    page = coordinator.send(f"{HERE}rounds/new", **good)
    round_ = db.session.scalars(sa.select(Round)).one()
    assert (page.status, page.location, round_.asked) == (303, at(round_, "invite"), Asked.INVITED)
    page = coordinator.page(at(round_, "respondents/"))
    assert page.text("#assessment-respondents h2") == "No one is invited yet"


# Inviting


def test_the_page_says_per_discipline_who_is_here_and_how_many_statements_name_it(
    coordinator: EngageClient,
) -> None:
    round_ = make_round(asked=Asked.INVITED)
    for name in ("Ana", "Bo"):
        person(name, "nurses")
    person("Vi", "nurses", role=Role.VIEWER)
    person("No Account", "nurses", user=None)
    page = coordinator.page(at(round_, "invite"))
    row = next(row for row in page.texts("#assessment-disciplines li") if row.startswith("Nurses"))
    named = sum(
        "nurses" in question["ask"] for area in round_.questions["areas"] for question in area["questions"]
    )
    assert "2 people here;" in row
    assert f"named by {named} of 43 statements" in row
    assert "Police and sheriffs" in page.text("#assessment-missing")
    assert page.one("#assessment-missing a").attributes["href"] == "/c/riverbend/people/invitations/"


def test_lived_experience_is_no_choice_and_no_label(coordinator: EngageClient) -> None:
    round_ = make_round(asked=Asked.INVITED)
    person("Ana", "nurses")
    page = coordinator.page(at(round_, "invite"))
    values = [node.attributes["value"] for node in page.all("[name=disciplines]")]
    assert values == ["nurses"]
    assert "lived experience" not in page.text("#assessment-disciplines").lower()
    assert "Engage does not mark anyone as a survivor." in page.text("#assessment-people")
    refused = coordinator.send(at(round_, "invite"), disciplines="lived_experience")
    assert refused.status == 422
    assert invited(round_) == {}


def test_people_are_invited_by_name_and_by_what_they_do_once_each(coordinator: EngageClient) -> None:
    round_ = make_round(asked=Asked.INVITED)
    nurse, both, pastor, other = (
        person("Nurse", "nurses"),
        person("Both", "nurses", "teachers"),
        person("Pastor"),
        person("Other"),
    )
    page = coordinator.send(
        at(round_, "invite"), disciplines=["nurses"], people=[str(both.id), str(pastor.id)]
    )
    assert (page.status, page.location) == (303, at(round_, "respondents/"))
    assert invited(round_) == {nurse.id: "nurses", both.id: "", pastor.id: ""}
    page = coordinator.page(at(round_, "respondents/"))
    assert page.has("3 people are invited.")
    assert page.text(f"#assessment-respondent-{nurse.id}") == (
        "Nurse Not started Nurses, midwives, and clinics Remind : Nurse Remove : Nurse"
    )
    # Later invitations, while the round is open.
    page = coordinator.page(at(round_, "invite"))
    names = [each.split()[0] for each in page.texts("#assessment-people label")]
    assert "Other" in names and "Nurse" not in names
    coordinator.send(at(round_, "invite"), people=str(other.id))
    assert other.id in invited(round_)


@pytest.mark.parametrize("asked", [{}, {"people": "999999"}, {"people": "abc"}])
def test_an_invitation_of_no_one_is_refused_in_words(
    coordinator: EngageClient, asked: dict[str, str]
) -> None:
    round_ = make_round(asked=Asked.INVITED)
    person("Ana", "nurses")
    page = coordinator.send(at(round_, "invite"), **asked)
    assert page.status == 422
    assert page.errors
    assert invited(round_) == {}


def test_someone_of_another_coalition_cannot_be_invited(coordinator: EngageClient) -> None:
    round_ = make_round(asked=Asked.INVITED)
    theirs = make_membership(coalition=make_coalition())
    assert coordinator.send(at(round_, "invite"), people=str(theirs.id)).status == 422
    assert invited(round_) == {}


def test_where_everyone_is_asked_no_one_is_invited(coordinator: EngageClient) -> None:
    round_ = make_round()
    ana = person("Ana")
    assert coordinator.get(at(round_, "invite")).headers["Location"] == at(round_, "respondents/")
    page = coordinator.send(at(round_, "invite"), people=str(ana.id))
    assert page.status == 409
    assert page.has("This round already asks everyone.")


# How far people are


def test_where_mail_is_set_up_a_letter_comes_before_a_text_to_copy(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient
) -> None:
    round_ = make_round()
    make_response(round_, person("Hal Half"), {FIRST: 0}, submitted=False)
    page = coordinator.page(at(round_, "respondents/"))
    assert "remind" in str(page.one("a.btn-primary").attributes["href"])
    monkeypatch.setitem(
        app.config, "MAIL", MailServer(host="mail.example.org", port=25, sender="engage@example.org")
    )
    page = coordinator.page(at(round_, "respondents/"))
    assert page.text("a.btn-primary") == "Write to people who have not finished"
    assert "Remind" in page.text(".more-list")


@pytest.mark.parametrize("counts_answered", [True, False])
def test_coordinators_see_who_has_finished_and_nothing_of_what_was_said(
    coordinator: EngageClient, counts_answered: bool
) -> None:
    round_ = make_round(counts_answered=counts_answered)
    done, half, none = person("Dora Done"), person("Hal Half"), person("Nora None")
    person("Vi Viewer", role=Role.VIEWER)
    make_response(round_, done, {FIRST: (4, "A note nobody reads yet")})
    make_response(round_, half, {FIRST: 0}, submitted=False)
    page = coordinator.page(at(round_, "respondents/"))
    assert page.text("#assessment-turn-out") == "1 of 4 have finished; 2 of 4 have started."
    states = {row.split()[0]: row for row in page.texts("#assessment-respondents tbody tr")}
    assert set(states) == {"Maria", "Dora", "Hal", "Nora"}
    assert "Finished" in states["Dora"] and "Remind" not in states["Dora"]
    assert "Started" in states["Hal"] and "Not started" in states["Nora"]
    assert "A note" not in page.response.text
    # Whoever looks reminds the others.
    assert page.text("a.btn-primary") == "Remind all 2 who have not finished"
    assert "Remind" not in states["Maria"] and "Remind" in states["Nora"]
    assert coordinator.page(at(round_, "remind")).texts(".name-list a") == ["Hal Half", "Nora None"]
    # Where everyone is asked, no line says so.
    assert page.texts("#assessment-respondents thead th") == ["Name", "Progress", "What you can do"]
    make_response(round_, none, {FIRST: 0})
    one = coordinator.page(at(round_, "respondents/")).text("a.btn-primary")
    assert one == "Remind 1 person who has not finished"


def test_until_someone_has_started_a_ready_text_tells_everyone(coordinator: EngageClient) -> None:
    round_ = make_round(title="Community assessment", closes_on=date(2027, 3, 1))
    page = coordinator.page(f"{HERE}rounds/{round_.id}/respondents/")
    text = page.text("#assessment-tell-text")
    assert "Community assessment" in text and f"/assessment/rounds/{round_.id}/" in text
    assert page.texts("main .btn-primary") == ["Copy the text"]
    make_response(round_, make_membership(), {}, submitted=False)
    page = coordinator.page(f"{HERE}rounds/{round_.id}/respondents/")
    assert not page.all("#assessment-tell")
    assert page.text("main .btn-primary").startswith("Remind")


def test_members_do_not_see_who_has_finished(member: EngageClient, viewer: EngageClient) -> None:
    round_ = make_round(asked=Asked.INVITED)
    ana = person("Ana")
    for client in (member, viewer):
        for rest in ("respondents/", "invite", "remind", f"respondents/{ana.id}/remind", "edit", "reopen"):
            assert client.get(at(round_, rest)).status_code == 403, rest
        for rest in ("invite", f"respondents/{ana.id}/take-out", "edit", "reopen"):
            assert client.send(at(round_, rest)).status == 403, rest


def test_the_list_costs_the_same_number_of_queries_for_many_people(coordinator: EngageClient) -> None:
    round_ = make_round()

    def asked() -> int:
        with counted_queries() as statements:
            page = coordinator.page(at(round_, "respondents/?page=2"))
        assert page.all("#assessment-respondents tbody tr")
        return len(statements)

    few = asked()
    for number in range(205):
        make_response(round_, make_membership(user=None, name=f"P{number}"), {}, submitted=bool(number % 2))
    assert asked() == few
    assert len(coordinator.page(at(round_, "respondents/?page=9")).all("#assessment-respondents tr")) == 7


def test_a_closed_round_has_no_list_any_more(coordinator: EngageClient) -> None:
    round_ = make_closed_round([("health", {FIRST: 1})] * 3)
    for rest in ("respondents/", "invite", "remind"):
        assert coordinator.get(at(round_, rest)).headers["Location"] == at(round_, "results/")
    someone = db.session.scalars(sa.select(Participant.membership_id)).first()
    assert coordinator.get(at(round_, f"respondents/{someone}/remind")).status_code == 404


# Reminding


def test_one_text_reminds_all_who_have_not_finished(coordinator: EngageClient) -> None:
    round_ = make_round(closes_on=date(2026, 12, 4))
    coordinator.membership.understood_at = None
    done, waits = person("Dora Done"), person("Wil Waits")
    shy = person("Shy Sam", understood_at=None)
    make_response(round_, done, {FIRST: 1})
    make_response(round_, shy, {FIRST: 1}, submitted=False)
    page = coordinator.page(at(round_, "remind"))
    text = page.one("#assessment-remind-text").text()
    assert text.startswith(
        "Hello,\n\nWe'd like your answers to “Community assessment 2026” in Riverbend County Coalition"
    )
    assert "by December 4, 2026." in text
    assert f"http://127.0.0.1{at(round_)}" in text
    assert text.endswith("Thank you!\nMaria Santos")
    assert "tarted" not in text
    assert [name.split()[0] for name in page.texts("#assessment-waiting li")] == ["Shy", "Wil"]
    mail = unquote(page.one("main a[href^='mailto:']").attributes["href"] or "")
    assert waits.user is not None and done.user is not None and shy.user is not None
    assert mail.startswith(f"mailto:?bcc={waits.user.email}&subject=Your answers")
    assert done.user.email not in mail and shy.user.email not in mail


def test_reminding_all_names_who_gets_no_mail_and_why(coordinator: EngageClient) -> None:
    round_ = make_round()
    person("Shy Sam", understood_at=None)
    person("Wil Waits")
    told = coordinator.page(at(round_, "remind")).text("#assessment-without-mail")
    assert told.startswith("Not included in the e-mail: Shy Sam. Their address stays hidden until they read")
    for each in db.session.scalars(sa.select(Membership)):
        each.understood_at = None
    db.session.commit()
    told = coordinator.page(at(round_, "remind")).text("#assessment-without-mail")
    assert "does not fill in addresses" in told


def test_one_person_is_reminded_by_name(coordinator: EngageClient) -> None:
    round_ = make_round(closes_on=None)
    dan = person("Dan Reyes")
    page = coordinator.page(at(round_, f"respondents/{dan.id}/remind"))
    assert (
        page.one("#assessment-remind-text")
        .text()
        .startswith("Hello Dan,\n\nWe'd like your answers to “Community assessment 2026”")
    )
    make_response(round_, dan, {FIRST: 1})
    page = coordinator.page(at(round_, f"respondents/{dan.id}/remind"))
    assert page.text("#assessment-remind-none").startswith("No reminder needed Dan Reyes has finished")


def test_when_everybody_has_finished_there_is_no_one_to_remind(coordinator: EngageClient) -> None:
    round_ = make_round()
    make_response(round_, coordinator.membership, {FIRST: 1})
    page = coordinator.page(at(round_, "remind"))
    assert page.has("Everyone else this round asks has finished.")
    page = coordinator.page(at(round_, "respondents/"))
    assert page.text("a.btn-primary") == "Close the round"


# Taking out


def test_taking_a_person_out_says_what_happens_and_deletes_their_answers(coordinator: EngageClient) -> None:
    round_ = make_round(asked=Asked.INVITED)
    dan, ana = person("Dan"), person("Ana")
    coordinator.send(at(round_, "invite"), people=[str(dan.id), str(ana.id)])
    make_response(round_, dan, {FIRST: (0, "Secret words")})
    page = coordinator.page(at(round_, f"respondents/{dan.id}/take-out"))
    assert page.has("Their answers so far are deleted and do not count.")
    assert "Secret" not in page.response.text
    assert coordinator.page(at(round_, f"respondents/{ana.id}/take-out")).has("They have not started")
    page = coordinator.send(at(round_, f"respondents/{dan.id}/take-out"))
    assert (page.status, page.location) == (303, at(round_, "respondents/"))
    assert db.session.scalars(sa.select(Answer)).all() == []
    assert list(invited(round_)) == [ana.id]
    assert coordinator.send(at(round_, f"respondents/{dan.id}/take-out")).status == 404


def test_someone_elses_people_and_rounds_do_not_exist(coordinator: EngageClient) -> None:
    other = make_coalition()
    theirs, stranger = make_round(coalition=other), make_membership(coalition=other)
    ours = make_round()
    for rest in ("respondents/", "invite", "remind", "edit", "reopen", "releases/1"):
        assert coordinator.get(at(theirs, rest)).status_code == 404, rest
    for rest in ("remind", "take-out"):
        assert coordinator.get(at(ours, f"respondents/{stranger.id}/{rest}")).status_code == 404
    for rest in ("invite", "edit", "reopen"):
        assert coordinator.send(at(theirs, rest)).status == 404, rest


def test_who_is_taken_out_while_answering_keeps_what_they_typed_on_the_screen(
    coordinator: EngageClient, client_of: ClientOf
) -> None:
    round_ = make_round(asked=Asked.INVITED)
    dan = person("Dan")
    make_affiliation(dan, make_organization())
    browser = client_of(dan)
    coordinator.send(at(round_, "invite"), people=str(dan.id))
    browser.send(at(round_, "start"))
    coordinator.send(at(round_, f"respondents/{dan.id}/take-out"))
    page = browser.send(at(round_, f"questions/{FIRST}"), answer="2", note="My long text")
    assert page.status == 409
    assert page.text("h1") == "This round does not ask you"
    assert page.has("My long text")
    assert browser.send(at(round_, f"questions/{FIRST}"), answer="2", htmx=True).status == 409
    assert db.session.scalars(sa.select(Response)).all() == []


def test_who_is_not_asked_is_told_so_in_words(member: EngageClient) -> None:
    round_ = make_round(asked=Asked.INVITED)
    assert member.page(HERE).has("This round asks only the people who were invited.")
    assert not member.page(HERE).all("main a.btn-primary")
    page = member.page(at(round_))
    assert page.text("h1") == "This round does not ask you"
    assert member.send(at(round_, "start")).status == 409
    assert member.get(at(round_, f"questions/{FIRST}")).headers["Location"] == at(round_)
    assert not member.page("/c/riverbend/").has("Community assessment 2026")


# Changing the round


def test_title_last_day_and_who_is_asked_can_be_changed(coordinator: EngageClient) -> None:
    round_ = make_round(closes_on=date(2026, 1, 5))
    page = coordinator.page(at(round_, "edit"))
    assert (page.value("title"), page.value("closes_on")) == ("Community assessment 2026", "2026-01-05")
    sent = {"title": "Autumn round", "asked": "invited", "version": "1", "k": "3"}
    # The day that stands may stay, though it is past; another past day may not.
    refused = coordinator.send(at(round_, "edit"), **sent, closes_on="2026-01-06")
    assert (refused.status, refused.errors) == (422, ["Choose today or a later day."])
    assert refused.value("title") == "Autumn round"
    page = coordinator.send(at(round_, "edit"), **sent, closes_on="2026-01-05")
    assert (page.status, page.location) == (303, at(round_, "respondents/"))
    stored = db.session.get_one(Round, round_.id)
    assert (stored.title, stored.asked, stored.version) == ("Autumn round", Asked.INVITED, 2)


def test_two_coordinators_changing_a_round_at_once_see_both_texts(coordinator: EngageClient) -> None:
    round_ = make_round(closes_on=NEXT_WEEK)
    sent = {"asked": "everyone", "version": "1", "k": "3", "closes_on": NEXT_WEEK.isoformat()}
    assert coordinator.send(at(round_, "edit"), **sent, title="First title").status == 303
    page = coordinator.send(at(round_, "edit"), **sent, title="Second title")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["First title", "Second title"]
    assert page.value("version") == "2"


def test_a_round_that_was_closed_meanwhile_is_not_changed_and_the_text_is_kept(
    coordinator: EngageClient,
) -> None:
    round_ = make_closed_round([("health", {FIRST: 1})] * 3)
    sent = {"asked": "everyone", "version": str(round_.version - 1), "closes_on": NEXT_WEEK.isoformat()}
    page = coordinator.send(at(round_, "edit"), **sent, title="My new title")
    assert page.status == 409
    assert "My new title" in page.response.text
    assert db.session.get_one(Round, round_.id).title == "Community assessment 2026"


def test_the_title_of_a_closed_round_can_be_mended_and_nothing_else(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_closed_round([("health", {FIRST: rating}) for rating in (1, 2, 3)], title="Asessment")
    edit = at(round_, "edit")
    assert coordinator.page(at(round_, "results/")).one(f"#assessment-releases a[href='{edit}']")
    assert not member.page(at(round_, "results/")).all(f"a[href='{edit}']")
    page = coordinator.page(edit)
    assert not page.all("[name=closes_on], [name=asked]")
    version = page.value("version")
    assert coordinator.send(edit, title="", version=version).errors == ["Give the round a title."]
    sent = {"title": "Assessment", "version": version, "closes_on": "2030-01-01", "asked": "invited"}
    assert coordinator.send(edit, **sent).location == at(round_, "results/")
    db.session.refresh(round_)
    assert (round_.title, round_.closes_on, round_.asked) == ("Assessment", None, Asked.EVERYONE)
    stale = coordinator.send(edit, title="Another", version=version)
    assert stale.status == 409
    assert stale.texts(".conflict-text") == ["Assessment", "Another"]
    assert member.send(edit, title="Mine", version=version).status == 403


# Opening again


def test_a_coordinator_opens_a_round_again_with_a_reason(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_closed_round([("health", {FIRST: rating}) for rating in (1, 2, 3)])
    assert coordinator.page(at(round_, "results/")).one(f"a[href='{at(round_, 'reopen')}']")
    assert not member.page(at(round_, "results/")).all("#assessment-releases a")
    refused = coordinator.send(at(round_, "reopen"), reason="", closes_on=NEXT_WEEK.isoformat())
    assert refused.status == 422
    assert "Say why. Coordinators can read it next to the round." in refused.errors
    warned = coordinator.send(
        at(round_, "reopen"), reason="Call 555-123-4567", closes_on=NEXT_WEEK.isoformat()
    )
    assert warned.status == 422
    page = coordinator.page(at(round_, "reopen"))
    assert page.has("if enough more people have answered: at least 3 with an account")
    page = coordinator.send(
        at(round_, "reopen"), reason="Two clinics were late.", closes_on=NEXT_WEEK.isoformat()
    )
    assert (page.status, page.location) == (303, at(round_, "respondents/"))
    page = coordinator.page(at(round_, "respondents/"))
    assert page.text(".reopening .kept-note") == "Two clinics were late."
    assert "Took part before it was reopened" in page.text("#assessment-respondents")
    # Members still read the results, and see that they may change.
    page = member.page(at(round_, "results/"))
    assert page.text("h1") == "What 3 of us said"
    assert page.has("The round is open again for people who have not taken part.")
    assert member.page(HERE).has("It is open again; until it is closed, these results stay.")
    assert (
        coordinator.send(at(round_, "reopen"), reason="Twice", closes_on=NEXT_WEEK.isoformat()).status == 409
    )
    assert coordinator.get(at(round_, "reopen")).status_code == 303
    assert len(db.session.scalars(sa.select(Reopening)).all()) == 1


def test_who_took_part_reads_that_their_answers_count(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_round()
    make_response(round_, member.membership, {FIRST: 2})
    for _number in range(2):
        make_response(round_, make_membership(), {FIRST: 2})
    rounds_service.close_round(coordinator.membership, round_)
    rounds_service.reopen_round(coordinator.membership, round_, "Late", NEXT_WEEK)
    db.session.commit()
    page = member.page(at(round_))
    assert page.text("h1") == "You have taken part"
    assert page.one("main a.btn-primary").attributes["href"] == at(round_, "results/")
    assert member.page(HERE).has("You took part before it was reopened for others.")
    assert not member.page(HERE).all("#assessment-open a.btn-primary")
    assert member.send(at(round_, "start")).status == 409


def test_closing_anew_says_that_the_earlier_results_stay_and_why(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_closed_round([("health", {FIRST: rating}) for rating in (1, 2, 3)])
    rounds_service.reopen_round(coordinator.membership, round_, "Late", NEXT_WEEK)
    db.session.commit()
    make_response(round_, make_membership(), {FIRST: 4})
    page = coordinator.page(at(round_, "close"))
    assert page.has("Too few people have answered since the round was reopened")
    assert not page.has("The results are computed once")
    page = coordinator.send(at(round_, "close"))
    assert page.location == at(round_, "results/")
    page = coordinator.page(at(round_, "results/"))
    assert page.has("Too few people answered since it was reopened, so the earlier results stay.")
    # Why it was opened again stays to be read, for coordinators.
    assert page.text("#assessment-reopenings .kept-note") == "Late"
    assert not member.page(at(round_, "results/")).all("#assessment-reopenings")
    assert page.text("h1") == "What 3 of us said"
    # Not how many: only that they are fewer than k.
    page = member.page(at(round_, "results/"))
    assert page.has("Some answers are not counted yet")
    assert "4" not in page.text("#assessment-releases")
    assert member.get(at(round_, "releases/1")).headers["Location"] == at(round_, "results/")


def test_earlier_results_stay_readable_beside_the_newer_ones(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    answers = {question["key"]: 1 for area in make_questions() for question in area["questions"]}
    round_ = make_closed_round([("health", answers)] * 3)
    rounds_service.reopen_round(coordinator.membership, round_, "Late", NEXT_WEEK)
    for _number in range(3):
        make_response(round_, make_membership(), dict.fromkeys(answers, 4))
    assert coordinator.page(at(round_, "close")).has("The results are computed once")
    coordinator.send(at(round_, "close"))
    page = viewer.page(at(round_, "results/"))
    assert page.text("h1") == "What 6 of us said"
    lines = page.texts("#assessment-release-list li")
    assert lines[0].startswith("Now:") and "6 people had answered." in lines[0]
    assert lines[1].startswith("Earlier:") and "3 people had answered." in lines[1]
    page = viewer.page(at(round_, "releases/1"))
    assert "1.0" in page.text("#assessment-table")
    assert viewer.get(at(round_, "releases/3")).status_code == 404


def make_questions() -> list[dict[str, object]]:
    from engage.assessment.questions import frozen
    from engage.content.loader import content

    areas: list[dict[str, object]] = frozen(content(), "en").to_json()["areas"]
    return areas


def test_a_round_closed_with_too_few_can_be_opened_again(
    coordinator: EngageClient, member: EngageClient
) -> None:
    round_ = make_closed_round([("health", {FIRST: 1})])
    page = coordinator.page(at(round_, "results/"))
    assert page.text("h1") == "Too few answers to show anything"
    assert page.one(f"a[href='{at(round_, 'reopen')}']")
    rounds_service.reopen_round(coordinator.membership, round_, "Late", NEXT_WEEK)
    for _number in range(2):
        make_response(round_, make_membership(), {FIRST: 1})
    coordinator.send(at(round_, "close"))
    page = member.page(at(round_, "results/"))
    assert page.text("h1") == "What 3 of us said"
    assert "Too few people had answered, so nothing was shown." in page.text("#assessment-release-list")
    assert member.page(at(round_, "releases/1")).has("Too few people had answered")


# Before one starts


def test_the_start_page_says_who_will_see_what(member: EngageClient) -> None:
    round_ = make_round(k=4)
    page = member.page(at(round_))
    assert "If someone makes a new password link for you, answers given before" in page.text(
        "#assessment-before > .who-sees"
    )
    text = page.text("#assessment-who-sees")
    for words in (
        "No page shows one person's answers.",
        "If someone else sets up a way into your account, such as a new password link, answers given "
        "before it is used are never shown again, not even to you.",
        "People who came through an open link never make a group large enough for the others in it",
        "Coordinators see who has started and who has finished",
        "We keep a note that you took part, not what you said",
        "A group of fewer than 4 people is never shown by itself.",
        "No one can single out fewer than 4 people by subtracting one number from another",
        "The person who runs the server could read answers until the round closes",
        "It does not cover a person who enters answers from paper, fills in many slips, or has "
        "access to the database.",
        "Your answers still count if you have left the coalition by then.",
    ):
        assert words in text
    assert "removes you from this round" not in text
