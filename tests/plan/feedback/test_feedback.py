"""Feedback on an event: a coalition's own questions before and after it, answered without an account."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock, tokens
from engage.assessment.channels import rules as channels_rules
from engage.assessment.guests import cookie as guests_cookie
from engage.assessment.guests import pacing
from engage.assessment.models import StartCount
from engage.assessment.rules import QuestionKind
from engage.coalitions.models import Membership
from engage.extensions import db
from engage.messages.letters import links
from engage.plan.activities.models import Activity
from engage.plan.activities.rules import ActivityState
from engage.plan.feedback import queries, service
from engage.plan.feedback.models import Feedback, FeedbackQuestion, FeedbackResponse
from engage.plan.feedback.rules import AskedWhen, Moment
from tests.client import EngageClient
from tests.factories import make_activity, make_coalition, make_membership, make_round
from tests.html import Page

LIST = "/c/riverbend/plan/activities/"
SURE = "How sure are you what to do?"
LIKED = "What helped you?"


def question(
    text: str, asked: AskedWhen, *options: str, kind: QuestionKind = QuestionKind.ONE
) -> dict[str, Any]:
    filled = {f"option_{place}": option for place, option in enumerate(options, 1)}
    return {"text": text, "asked": asked, "kind": kind, **filled}


def make_event(days: int = 7, **overrides: Any) -> Activity:
    """Makes an event in so many days that asks one question before and after, and one after it."""
    values = {
        "state": ActivityState.PLANNED,
        "happened_on": clock.today("America/Chicago") + timedelta(days=days),
        "reached": None,
        "title": "Training for nurses",
    }
    event = make_activity(**{**values, **overrides})
    who = make_membership(role="coordinator")
    service.add_question(who, event, question(SURE, AskedWhen.BOTH, kind=QuestionKind.YES_NO))
    several = QuestionKind.SEVERAL
    service.add_question(
        who, event, question(LIKED, AskedWhen.AFTER, "Talks", "Maps", "Coffee", kind=several)
    )
    service.open_feedback(who, event)
    db.session.commit()
    return event


def move(event: Activity, days: int) -> None:
    """Moves the event to so many days from now."""
    db.session.get_one(Activity, event.id).happened_on = clock.today("America/Chicago") + timedelta(days=days)
    db.session.commit()


def of(event: Activity) -> Feedback:
    found = queries.feedback_of(event)
    assert found is not None
    return found


def path(event: Activity) -> str:
    return f"/feedback/{queries.public_token(of(event))}"


def phone(app: Flask) -> EngageClient:
    """Returns a browser that no one has used before."""
    client = app.test_client()
    assert isinstance(client, EngageClient)
    return client


def answer(client: EngageClient, event: Activity, **fields: Any) -> Page:
    client.page(path(event))
    return client.send(path(event), **fields)


def many(app: Flask, event: Activity, given: list[dict[str, Any]]) -> None:
    for fields in given:
        assert answer(phone(app), event, **fields).status == 303


def responses() -> list[FeedbackResponse]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(FeedbackResponse)))


YES, NO = ["option-0"], ["option-1"]


# -- from asking to bars


def test_ten_phones_answer_before_and_after_and_the_event_shows_both_as_bars(
    app: Flask, coordinator: EngageClient
) -> None:
    event = make_activity(
        state=ActivityState.PLANNED,
        happened_on=clock.today("America/Chicago") + timedelta(days=3),
        reached=None,
    )
    page = f"{LIST}{event.id}/feedback/"
    assert coordinator.page(f"{LIST}{event.id}/").has("Ask for feedback")
    added = coordinator.send(f"{page}new", text=SURE, asked="both", answers="yes_no")
    assert added.location == page
    coordinator.send(
        f"{page}new", text=LIKED, asked="after", answers="several", option_1="Talks", option_2="Maps"
    )
    assert coordinator.page(page).has(LIKED)
    coordinator.send(f"{page}open")
    assert coordinator.page(f"{page}poster").all(".poster-code svg")

    many(app, event, [{"before-1-answer": YES}] * 4 + [{"before-1-answer": NO}] * 6)
    assert coordinator.page(page).has("10 people answered before the event.")
    move(event, 0)
    many(app, event, [{"after-1-answer": YES, "after-2-answer": ["option-0", "option-1"]}] * 10)
    assert not coordinator.page(f"{LIST}{event.id}/").all(".feedback-result")
    coordinator.send(f"{page}close")

    shown = coordinator.page(f"{LIST}{event.id}/")
    assert shown.texts(".feedback-result h3") == [SURE, LIKED]
    assert shown.texts(".feedback-result h4") == [
        "Before the event",
        "After the event",
        "After the event",
    ]
    assert shown.texts(".feedback-result .spread-count") == ["4", "6", "10", "0", "10", "10"]
    file = coordinator.get(f"{LIST}{event.id}/feedback.csv").text
    assert f'"{SURE}","Before the event","Yes","4","10"' in file
    move(event, -1)
    db.session.get_one(Activity, event.id).state = ActivityState.HELD
    listed = coordinator.get(f"{LIST[:-1]}.csv").text
    assert listed.splitlines()[1].endswith('"10","10"')
    assert not responses()


def test_a_browser_answers_once_before_and_once_after(app: Flask) -> None:
    event, mine = make_event(), phone(app)
    sent = answer(mine, event, **{"before-1-answer": YES})
    assert sent.location == path(event)
    thanks = mine.page(path(event))
    assert thanks.has("Thank you. Your answers are in.")
    assert thanks.has("There are questions for after the event, too.")
    mine.send(path(event), **{"before-1-answer": NO})
    assert len(responses()) == 1
    move(event, 0)
    assert mine.page(path(event)).has(LIKED)
    mine.send(path(event), **{"after-1-answer": NO})
    assert sorted(each.moment for each in responses()) == [Moment.AFTER, Moment.BEFORE]


def test_at_a_shared_phone_the_next_person_begins_anew_and_opens_no_answers(app: Flask) -> None:
    event, shared = make_event(), phone(app)
    answer(shared, event, **{"before-1-answer": YES})
    thanks = shared.page(path(event))
    over = thanks.one("form").attributes["action"] or ""
    assert over == f"{path(event)}/start-over" and thanks.has("Start over for someone else")
    assert shared.send(over, token=False).status == 400  # from elsewhere: nothing changes
    assert shared.page(path(event)).has("Thank you. Your answers are in.")
    assert shared.send(over).location == path(event)
    empty = shared.page(path(event))
    assert not empty.has("Thank you") and not empty.all("form [checked]")
    assert shared.send(path(event), **{"before-1-answer": NO}).status == 303
    assert sorted(str(each.answers["1"]) for each in responses()) == ["['choice', 1]", "['choice', 2]"]


def test_starting_over_here_leaves_a_rounds_answers_to_whoever_holds_them(app: Flask) -> None:
    event, shared = make_event(), phone(app)
    shared.page(path(event))
    with app.test_request_context():
        rounds = guests_cookie.ANSWERS.cookie
    shared.set_cookie(rounds, "mine")
    answer(shared, event, **{"before-1-answer": YES})
    shared.send(f"{path(event)}/start-over")
    held = shared.get_cookie(rounds)
    assert held is not None and held.value == "mine"


def test_nothing_ties_a_browsers_answers_before_and_after(app: Flask) -> None:
    event, mine = make_event(), phone(app)
    answer(mine, event, **{"before-1-answer": YES})
    move(event, 0)
    answer(mine, event, **{"after-1-answer": NO})
    before, after = responses()
    columns = {column.name for column in FeedbackResponse.__table__.c}
    assert columns == {"id", "coalition_id", "feedback_id", "moment", "key_hash", "answers"}
    assert before.key_hash != after.key_hash
    assert abs(before.id - after.id) > 1


def test_opening_the_page_writes_nothing_and_an_empty_or_wrong_answer_is_refused(app: Flask) -> None:
    event, mine = make_event(), phone(app)
    assert answer(mine, event).errors == ["Answer at least one question."]
    assert answer(mine, event, **{"before-1-answer": ["option-7"]}).errors == ["Not a valid choice."]
    assert answer(mine, event, **{"before-1-answer": [*YES, *NO]}).errors == ["Choose one answer only."]
    assert not responses()
    assert not db.session.scalar(sa.select(sa.func.count()).select_from(StartCount))


def test_no_free_text_is_taken(app: Flask) -> None:
    event, mine = make_event(), phone(app)
    assert not mine.page(path(event)).all("textarea, input[type=text]")
    answer(mine, event, **{"before-1-answer": YES, "before-1-note": "I am Ana", "note": "I am Ana"})
    assert responses()[0].answers == {"1": ["choice", 1]}


def test_what_was_opened_before_and_is_sent_after_is_asked_anew(app: Flask) -> None:
    event, mine = make_event(), phone(app)
    mine.page(path(event))
    move(event, 0)
    page = mine.send(path(event), **{"before-1-answer": YES})
    assert page.errors == ["Answer at least one question."]
    assert page.has(LIKED)
    assert not responses()


def test_without_a_cookie_the_page_says_so_and_keeps_what_was_chosen(app: Flask) -> None:
    event = make_event()
    page = phone(app).send(path(event), **{"before-1-answer": YES})
    assert page.status == 422
    assert page.has("allow cookies for this page")
    assert page.all("input[value=option-0][checked]")
    assert not responses()


# -- a flood


def test_a_flood_from_one_address_waits_its_turn_and_no_one_is_refused(
    app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.config, "LIMITS", True)
    monkeypatch.setattr(pacing, "STARTS_AN_HOUR", 3)
    event = make_event()
    many(app, event, [{"before-1-answer": YES}] * 3)
    fourth = phone(app)
    page = answer(fourth, event, **{"before-1-answer": YES})
    assert (page.status, len(responses())) == (429, 3)
    assert page.has("You have a place in line")
    assert page.all("input[value=option-0][checked]")
    place = page.one("[name=place]").attributes["value"]
    assert fourth.send(path(event), place=place, **{"before-1-answer": YES}).status == 429
    monkeypatch.setattr(pacing, "WAIT", channels_rules.WAIT - timedelta(minutes=1))
    assert phone(app).send(path(event), place=place, **{"before-1-answer": YES}).status == 422
    assert fourth.send(path(event), place=place, **{"before-1-answer": YES}).status == 303
    assert len(responses()) == 4


# -- links that open nothing


def test_links_say_what_to_do_when_nothing_is_asked(app: Flask, coordinator: EngageClient) -> None:
    event, mine = make_event(), phone(app)
    link, page = path(event), f"{LIST}{event.id}/feedback/"
    assert mine.get("/feedback/abcdefghjkmn").status_code == 404
    move(event, -15)
    assert mine.page(link).has("These questions are closed.")
    assert mine.send(link, **{"after-1-answer": YES}).status == 409
    move(event, 3)
    db.session.get_one(Activity, event.id).state = ActivityState.CALLED_OFF
    assert mine.page(link).has("This event is canceled")
    db.session.get_one(Activity, event.id).state = ActivityState.PLANNED
    coordinator.send(f"{page}close")
    assert mine.page(link).has("These questions are closed.")
    assert mine.send(link, **{"before-1-answer": YES}).status == 409
    assert not responses()


def test_a_link_of_an_earlier_key_is_replaced_and_answers_stay(app: Flask, coordinator: EngageClient) -> None:
    event = make_event()
    feedback = queries.feedback_of(event)
    assert feedback is not None
    feedback.nonce = tokens.new_token()
    db.session.commit()
    address = f"{LIST}{event.id}/feedback/"
    form = coordinator.page(address).one("#plan-feedback-door form")
    assert "Make a new link" in form.text()
    coordinator.send(form.attributes["action"])
    assert queries.public_token(feedback) in coordinator.page(address).text("#plan-feedback-door")
    assert feedback.opened_at is not None
    service.start_over(make_membership(role="coordinator"), event)
    feedback.nonce = tokens.new_token()
    db.session.commit()
    coordinator.send(f"{address}open")
    assert queries.public_token(feedback) in coordinator.page(address).text("#plan-feedback-door")


def test_a_link_for_after_the_event_says_from_when_on(app: Flask) -> None:
    event = make_event()
    for each in db.session.scalars(sa.select(FeedbackQuestion)):
        each.asked = AskedWhen.AFTER
    db.session.commit()
    assert phone(app).page(path(event)).has("Open this link again then.")


def test_questions_for_before_are_over_once_the_event_began(app: Flask) -> None:
    event = make_event(0)
    for each in db.session.scalars(sa.select(FeedbackQuestion)):
        each.asked = AskedWhen.BEFORE
    db.session.commit()
    assert phone(app).page(path(event)).has("it has begun")


def test_starting_over_shuts_the_link_and_deletes_the_answers_without_a_result(
    app: Flask, coordinator: EngageClient
) -> None:
    event = make_event()
    link, page = path(event), f"{LIST}{event.id}/feedback/"
    many(app, event, [{"before-1-answer": YES}] * 4)
    assert coordinator.page(f"{page}start-over").has("Fewer than 10 people answered before the event.")
    coordinator.send(f"{page}start-over")
    assert phone(app).get(link).status_code == 404
    assert not responses()
    assert of(event).told is None
    assert coordinator.page(page).has("Add a question")


# -- what is told


def test_of_fewer_than_ten_nothing_is_told_while_people_answer_and_after_closing(
    app: Flask, coordinator: EngageClient
) -> None:
    event = make_event(0)
    page = f"{LIST}{event.id}/feedback/"
    many(app, event, [{"after-1-answer": YES}] * 9)
    assert coordinator.page(page).has("Fewer than 10 people answered after the event.")
    assert coordinator.page(f"{page}close").has("A question that fewer than 10 people answered is not shown")
    coordinator.send(f"{page}close")
    shown = coordinator.page(f"{LIST}{event.id}/")
    assert shown.has("Fewer than 10 people answered after the event, so no results are shown.")
    assert not shown.all(".feedback-result")
    assert coordinator.get(f"{LIST}{event.id}/feedback.csv").status_code == 404
    assert of(event).told == {}


def test_an_option_that_two_chose_is_held_back_with_another_and_says_so(
    app: Flask, coordinator: EngageClient
) -> None:
    event = make_event(0)
    many(app, event, [{"after-1-answer": YES}] * 8 + [{"after-1-answer": NO}] * 2)
    coordinator.send(f"{LIST}{event.id}/feedback/close")
    shown = coordinator.page(f"{LIST}{event.id}/")
    assert shown.texts(".feedback-result .spread-count .visually-hidden")[:2] == ["not shown"] * 2
    assert shown.has("An answer without a number is held back")


def test_whoever_sets_it_up_and_whoever_answers_reads_from_how_many_on_results_are_shown(
    app: Flask, coordinator: EngageClient
) -> None:
    event = make_event(0)
    assert phone(app).page(path(event)).has("A question is shown only if 10 people or more answered it")
    coordinator.send(f"{LIST}{event.id}/feedback/start-over")
    page = coordinator.page(f"{LIST}{event.id}/feedback/")
    assert page.has("A question is shown only if 10 people or more answer it")
    make_round(k=12, closed_at=clock.now())
    assert coordinator.page(f"{LIST}{event.id}/feedback/").has("only if 12 people or more answer it")


def test_each_question_is_counted_by_itself_before_and_after_apart(
    app: Flask, coordinator: EngageClient
) -> None:
    event = make_event()
    many(app, event, [{"before-1-answer": YES}] * 9)
    move(event, 0)
    several = {"after-1-answer": YES, "after-2-answer": ["option-0"]}
    many(app, event, [several] * 9 + [{"after-1-answer": YES}])
    coordinator.send(f"{LIST}{event.id}/feedback/close")
    shown = coordinator.page(f"{LIST}{event.id}/")
    assert shown.texts(".feedback-result h4") == ["After the event", "After the event"]
    assert len(shown.all(".feedback-result .spread-count")) == 2
    assert shown.has("Fewer than 10 people answered this, so nothing is shown.")
    assert shown.has("Fewer than 10 people answered before the event, so no results are shown.")


@pytest.mark.usefixtures("app")
def test_the_floor_is_the_highest_that_the_coalition_gave_a_round() -> None:
    make_round(k=5, closed_at=clock.now())
    assert of(make_event()).k == 5


def test_closing_is_for_good(app: Flask, coordinator: EngageClient) -> None:
    event = make_event(0)
    page = f"{LIST}{event.id}/feedback/"
    many(app, event, [{"after-1-answer": YES}] * 3)
    coordinator.send(f"{page}close")
    before = of(event).told
    for button in ("open", "close", "start-over"):
        assert coordinator.send(f"{page}{button}").status == 409
    move(event, 5)
    assert phone(app).page(path(event)).has("These questions are closed.")
    assert of(event).told == before


def test_after_two_weeks_the_days_work_closes_it(app: Flask) -> None:
    event = make_event(0)
    many(app, event, [{"after-1-answer": YES}] * 10)
    assert service.close_old(clock.now() + timedelta(days=14)) == 0
    assert service.close_old(clock.now() + timedelta(days=16)) == 10
    db.session.commit()
    assert queries.summaries_of(of(event))[Moment.AFTER].people == 10
    assert not responses()


# -- questions


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"text": ""}, "Write the question."),
        ({"asked": ""}, "Choose when to ask it."),
        ({"answers": ""}, "Choose how people answer."),
        ({"option_2": ""}, "Write at least two answers to choose from."),
        ({"option_2": "TALKS"}, "Two answers are alike. Change one of them."),
    ],
)
def test_a_refused_question_says_why(coordinator: EngageClient, fields: dict[str, str], message: str) -> None:
    event = make_activity()
    filled = {"text": LIKED, "asked": "after", "answers": "one", "option_1": "Talks", "option_2": "Maps"}
    page = coordinator.send(f"{LIST}{event.id}/feedback/new", **{**filled, **fields})
    assert page.errors == [message]


def test_asking_whether_someone_is_a_survivor_warns_first(coordinator: EngageClient) -> None:
    event = make_activity(happened_on=clock.today())
    fields = {"text": "Are you a survivor of trafficking?", "asked": "after", "answers": "yes_no"}
    page = coordinator.send(f"{LIST}{event.id}/feedback/new", **fields)
    assert page.has("This seems to ask whether someone was trafficked or exploited")
    assert coordinator.send(f"{LIST}{event.id}/feedback/new", **fields, sure="y").status == 303


def test_a_question_from_0_to_4_offers_five_answers(app: Flask) -> None:
    event = make_event(0)
    first = db.session.scalars(sa.select(FeedbackQuestion)).first()
    assert first is not None
    first.kind = QuestionKind.LEVELS
    db.session.commit()
    page = phone(app).page(path(event))
    assert page.has("0 (not at all)")
    assert len(page.all("input[name=after-1-answer][value^=option]")) == 5


def test_the_questions_page_lists_the_answers_of_a_question_once(coordinator: EngageClient) -> None:
    page = f"{LIST}{make_activity(happened_on=clock.today()).id}/feedback/"
    coordinator.send(f"{page}new", text=SURE, asked="after", answers="levels")
    options = {"option_1": "Talks, and time", "option_2": "Maps"}
    coordinator.send(f"{page}new", text=LIKED, asked="after", answers="one", **options)
    shown = coordinator.page(page)
    assert shown.has("After the event. A number from 0 (not at all) to 4 (very much).")
    assert shown.texts(".feedback-options li") == ["Talks, and time", "Maps"]


def test_there_are_ten_questions_at_most(coordinator: EngageClient) -> None:
    event = make_activity(happened_on=clock.today())
    fields = {"asked": "after", "answers": "yes_no"}
    for number in range(10):
        coordinator.send(f"{LIST}{event.id}/feedback/new", text=f"Question {number}?", **fields)
    assert coordinator.send(f"{LIST}{event.id}/feedback/new", text="One more?", **fields).status == 409
    assert not coordinator.page(f"{LIST}{event.id}/feedback/").has("Add a question")


def test_questions_stay_once_people_are_asked(coordinator: EngageClient) -> None:
    event = make_event()
    page = f"{LIST}{event.id}/feedback/"
    fields = {"text": "Another?", "asked": "after", "answers": "yes_no", "version": "1"}
    assert coordinator.send(f"{page}new", **fields).status == 409
    assert coordinator.send(f"{page}1/edit", **fields).status == 409
    assert coordinator.send(f"{page}1/delete").status == 409


def test_a_question_is_edited_deleted_and_comes_back(coordinator: EngageClient) -> None:
    event = make_activity(happened_on=clock.today())
    page = f"{LIST}{event.id}/feedback/"
    coordinator.send(f"{page}new", text="Was it good?", asked="after", answers="yes_no")
    opened = coordinator.page(f"{page}1/edit").one("[name=version]").attributes["value"]
    fields = {"text": "Was it useful?", "asked": "both", "answers": "yes_no"}
    assert coordinator.send(f"{page}1/edit", version=opened, **fields).status == 303
    assert coordinator.send(f"{page}1/edit", version=opened, **fields).status == 409
    coordinator.send(f"{page}1/delete")
    assert not coordinator.page(page).has("Was it useful?")
    coordinator.send(f"{page}new", text="Was it long?", asked="after", answers="yes_no")
    copy = coordinator.page("/c/riverbend/settings/trash").one("a[href$='/restore']").attributes["href"]
    coordinator.send(str(copy))
    assert [each.number for each in queries.questions_of(of(event))] == [1, 2]


def test_questions_move_up_and_down_until_people_are_asked(coordinator: EngageClient) -> None:
    event = make_activity(happened_on=clock.today())
    page = f"{LIST}{event.id}/feedback/"
    for text in ("One?", "Two?", "Three?"):
        coordinator.send(f"{page}new", text=text, asked="after", answers="yes_no")
    opened = coordinator.page(f"{page}1/edit").value("version")
    moved = coordinator.send(f"{page}arrange", do="up:2")
    assert moved.location == f"{page}#plan-feedback-question-1"
    assert coordinator.page(page).texts("#plan-feedback-questions strong") == ["Two?", "One?", "Three?"]
    # A form that was open since before holds another question's number: it saves over neither.
    fields = {"text": "One, again?", "asked": "after", "answers": "yes_no", "version": opened}
    assert coordinator.send(f"{page}1/edit", **fields).status == 409
    coordinator.send(f"{page}arrange", do="down:2")
    coordinator.send(f"{page}arrange", do="up:1")
    coordinator.send(f"{page}arrange", do="down:3")
    assert coordinator.page(page).texts("#plan-feedback-questions strong") == ["Two?", "Three?", "One?"]
    assert coordinator.send(f"{page}arrange", do="up:9").status == 409
    coordinator.send(f"{page}open")
    assert coordinator.send(f"{page}arrange", do="up:2").status == 409
    assert not coordinator.page(page).all("#plan-feedback-questions button")


# -- who


def test_a_viewer_and_another_coalition_see_nothing_and_a_member_does_not_ask(
    viewer: EngageClient, member: EngageClient, client_of: Callable[[Membership], EngageClient]
) -> None:
    event = make_event()
    stranger = client_of(make_membership(coalition=make_coalition(slug="elsewhere")))
    page = f"{LIST}{event.id}/feedback/"
    assert viewer.get(page).status_code == 403
    assert stranger.get(page).status_code == 404
    assert member.get(page).status_code == 404
    db.session.get_one(Activity, event.id).created_by_id = member.membership.id
    assert member.page(page).has(SURE)
    for button in ("open", "close", "start-over", "new", "1/edit", "1/delete"):
        assert member.send(f"{page}{button}").status == 403


def test_the_sign_in_sheet_and_a_letter_lead_to_the_questions(app: Flask, coordinator: EngageClient) -> None:
    event = make_event()
    sheet = coordinator.page(f"{LIST}{event.id}/signups/sheet")
    assert path(event) in sheet.one("#plan-sheet-feedback .invite-link").text()
    written = coordinator.page(f"/c/riverbend/people/write?to=event:{event.id}&about=feedback:{event.id}")
    assert written.value("subject") == "Your feedback: Training for nurses"
    with app.test_request_context():
        assert links.KINDS["feedback"].shared_url(coordinator.membership.coalition, event.id) == path(event)
    coordinator.send(f"{LIST}{event.id}/feedback/start-over")
    assert not coordinator.page(f"{LIST}{event.id}/signups/sheet").all("#plan-sheet-feedback")


def test_the_funder_report_says_what_people_answered(app: Flask, coordinator: EngageClient) -> None:
    event = make_event(0, state=ActivityState.HELD)
    many(app, event, [{"after-1-answer": YES}] * 6 + [{"after-1-answer": NO}] * 4)
    report = f"/c/riverbend/reports/funder?since={event.happened_on}&until={event.happened_on}"
    assert not coordinator.page(report).has("What people said about events")
    coordinator.send(f"{LIST}{event.id}/feedback/close")
    page = coordinator.page(report)
    assert page.has(f"Training for nurses: {SURE}")
    assert page.has("Yes 6, No 4")
