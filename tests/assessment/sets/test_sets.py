"""Question sets over HTTP: copying, hiding, rewording, adding, loading, and opening a round with one."""

import io
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from engage import clock
from engage.assessment.languages import in_all_languages
from engage.assessment.models import DraftSet, Round
from engage.assessment.questions import Question, QuestionArea, QuestionSet, QuestionWording, frozen
from engage.assessment.rules import Asked
from engage.assessment.sets import files as sets_files
from engage.assessment.sets import forms as sets_forms
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.rules import MOST_QUESTIONS, SetDraft
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from tests.assessment.test_questions import asking
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_affiliation, make_coalition, make_draft_set, make_response, make_round
from tests.html import Page

HERE = "/c/riverbend/assessment/"
SETS = f"{HERE}questions/"
NEXT_WEEK = (clock.today("America/Chicago") + timedelta(days=7)).isoformat()
ROUND = {"title": "Community assessment 2026", "closes_on": NEXT_WEEK, "k": "3"}
OURS = frozen(content(), "en")
FIRST = OURS.areas[0].questions[0]


def draft() -> SetDraft:
    """Returns the only set as it is stored now."""
    return sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one())


def question(key: str = FIRST.key) -> Question:
    pair = draft().questions.find(key)
    assert pair is not None
    return pair[1]


def words(of: Question = FIRST, area: str = "prevention", **changes: Any) -> dict[str, Any]:
    """Returns a question's form as a browser would send it."""
    levels = {f"level_{number}": text for number, text in enumerate(of.levels)}
    texts = {"area": area, "title": of.title, "statement": of.statement, "why": of.why, "ask": list(of.ask)}
    return {**texts, **levels, "version": "1", **changes}


def upload(client: EngageClient, text: str | bytes = "", *, name: str = "ours.yaml", **fields: str) -> Page:
    raw = text.encode() if isinstance(text, str) else text
    sent = {"file": (io.BytesIO(raw), name)} if raw else {}
    data = {**fields, **sent, "csrf_token": client.csrf_token()}
    return Page(client.post(f"{SETS}load", data=data, content_type="multipart/form-data"))


# -- the list and one set


def test_a_copy_holds_what_engage_does_not_ask_and_asks_it_once_shown(coordinator: EngageClient) -> None:
    assert (
        coordinator.page(SETS)
        .text("#assessment-more")
        .startswith("A copy to edit also holds 8 more questions")
    )
    page = coordinator.send(f"{SETS}copy")
    set_ = db.session.scalars(sa.select(DraftSet)).one()
    extra = content().extras[0]
    assert draft().asked.find(extra.key) is None and draft().asked.count == 43
    coordinator.send(f"{page.location}areas/{extra.area}/arrange", do=f"show:{extra.key}")
    db.session.refresh(set_)
    shown = draft().asked.find(extra.key)
    assert shown is not None and shown[1].meaning == extra.meaning and draft().asked.count == 44


def test_without_a_set_the_list_offers_a_copy_of_ours(coordinator: EngageClient) -> None:
    page = coordinator.page(SETS)
    assert page.has("43 questions in 6 focus areas.")
    assert page.has("None yet.")
    page = coordinator.send(f"{SETS}copy")
    set_ = db.session.scalars(sa.select(DraftSet)).one()
    assert (page.status, page.location) == (303, f"{SETS}{set_.id}/")
    assert draft() == sets_service.everything()
    shown = coordinator.page(page.location or "")
    assert len(shown.all(".set-question")) == 51
    assert coordinator.page(SETS).has("Our questions")


def test_members_read_sets_and_change_nothing(
    member: EngageClient, viewer: EngageClient, coordinator: EngageClient
) -> None:
    set_ = make_draft_set()
    page = member.page(f"{SETS}{set_.id}/")
    assert page.has(FIRST.statement)
    assert not page.all("main button")
    assert not page.all("main a.btn-primary")
    assert not member.page(SETS).all("main button")
    assert member.page(f"{SETS}ours/").has(FIRST.statement)
    for path in ("copy", "load", f"{set_.id}/title", f"{set_.id}/delete", f"{set_.id}/add-question"):
        assert member.send(f"{SETS}{path}").status == 403
    assert viewer.get(SETS).status_code == 403
    assert viewer.get(f"{SETS}{set_.id}/file").status_code == 403


def test_another_coalitions_set_does_not_exist(coordinator: EngageClient) -> None:
    theirs = make_draft_set(coalition=make_coalition())
    for path in ("", "file", "title", "delete", "add-question", f"questions/{FIRST.key}", "areas/prevention"):
        assert coordinator.get(f"{SETS}{theirs.id}/{path}").status_code == 404
    for path in ("title", "delete", "arrange", "areas/prevention/arrange", f"questions/{FIRST.key}/delete"):
        assert coordinator.send(f"{SETS}{theirs.id}/{path}", do=f"hide:{FIRST.key}").status == 404
    page = coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(theirs.id))
    assert page.status == 422
    assert draft() == SetDraft(OURS)


def test_ten_sets_are_enough(coordinator: EngageClient) -> None:
    for _number in range(10):
        make_draft_set()
    page = coordinator.send(f"{SETS}copy")
    assert page.status == 409
    assert page.has("You already have 10 question sets.")


def test_a_set_is_renamed_and_two_names_at_once_are_both_shown(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    page = coordinator.page(f"{SETS}{set_.id}/title")
    version = page.value("version")
    assert coordinator.send(f"{SETS}{set_.id}/title", title="Fall", version=version).status == 303
    page = coordinator.send(f"{SETS}{set_.id}/title", title="Autumn", version=version)
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Fall", "Autumn"]
    assert page.has("Someone renamed this set after you opened it")
    assert page.has("Another coordinator, just now")
    same = coordinator.send(f"{SETS}{set_.id}/title", title="Fall", version=version)
    assert (same.status, same.texts(".conflict-text")) == (409, [])
    assert same.has("Someone renamed this set after you opened it")
    again = coordinator.send(f"{SETS}{set_.id}/title", title="Autumn", version=page.value("version"))
    assert again.status == 303
    page = coordinator.send(f"{SETS}{set_.id}/title", title="", version="3")
    assert (page.status, page.errors) == (422, ["Give the set a title."])


def test_deleting_a_set_leaves_the_rounds_that_asked_it(coordinator: EngageClient) -> None:
    set_ = make_draft_set(SetDraft(OURS).hide([FIRST.key]))
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(set_.id))
    before = db.session.scalars(sa.select(Round)).one().questions
    assert coordinator.page(f"{SETS}{set_.id}/delete").has("Rounds keep the questions that they asked.")
    assert coordinator.send(f"{SETS}{set_.id}/delete").location == SETS
    undo = coordinator.page(SETS).one("form.undo").attributes["action"] or ""
    assert db.session.scalars(sa.select(DraftSet)).all() == []
    assert db.session.scalars(sa.select(Round)).one().questions == before

    # It comes back with what was edited in it, unless there is no room for one more.
    others = [make_draft_set(SetDraft(OURS)) for _ in range(sets_service.MOST_SETS)]
    assert coordinator.send(undo).status == 409
    db.session.delete(others[0])
    db.session.commit()
    coordinator.send(undo)
    hidden = [each.questions["hidden"] for each in db.session.scalars(sa.select(DraftSet))]
    assert hidden.count([FIRST.key]) == 1


# -- hiding and moving


def test_a_hidden_question_is_not_asked_in_the_next_round_and_stays_in_the_last(
    coordinator: EngageClient,
) -> None:
    last = make_round(title="Round of spring")
    set_ = make_draft_set()
    area = f"{SETS}{set_.id}/areas/prevention/arrange"
    page = coordinator.send(area, do=f"hide:{FIRST.key}")
    assert (page.status, page.location) == (303, f"{SETS}{set_.id}/#question-{FIRST.key}")
    shown = coordinator.page(f"{SETS}{set_.id}/")
    assert shown.text("#assessment-set-summary h2") == "42 questions in 6 focus areas. 1 is hidden."
    assert shown.has(
        "42 of 42 questions ask the same thing as in “Round of spring” and can be compared with it."
    )
    assert shown.has("Asked in the last round, hidden here: 1")
    assert shown.text(f"#question-{FIRST.key} .tag") == "Hidden"
    coordinator.send(f"{HERE}rounds/{last.id}/close")
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(set_.id))
    rounds = db.session.scalars(sa.select(Round).order_by(Round.id)).all()
    asked = [
        [each["key"] for area in round_.questions["areas"] for each in area["questions"]] for round_ in rounds
    ]
    assert (len(asked[0]), len(asked[1])) == (43, 42)
    assert FIRST.key not in asked[1]
    coordinator.send(f"{HERE}rounds/{rounds[1].id}/start")
    gone = coordinator.get(f"{HERE}rounds/{rounds[1].id}/questions/{FIRST.key}")
    assert gone.status_code == 404
    assert coordinator.send(area, do=f"show:{FIRST.key}").status == 303
    assert draft() == SetDraft(OURS)


def test_with_htmx_hiding_answers_with_the_area_and_the_summary(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    page = coordinator.send(f"{SETS}{set_.id}/areas/prevention/arrange", htmx=True, do=f"hide:{FIRST.key}")
    assert page.status == 200
    assert page.text(f"#question-{FIRST.key} .tag") == "Hidden"
    assert page.text("#assessment-set-summary h2") == "42 questions in 6 focus areas. 1 is hidden."
    assert page.one("#assessment-set-summary").attributes["data-hx-swap-oob"] == "true"


def test_questions_and_areas_move(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    coordinator.send(f"{SETS}{set_.id}/areas/prevention/arrange", do=f"down:{FIRST.key}")
    assert [each.key for each in draft().questions.areas[0].questions].index(FIRST.key) == 1
    coordinator.send(f"{SETS}{set_.id}/areas/prevention/arrange", do=f"up:{FIRST.key}")
    page = coordinator.send(f"{SETS}{set_.id}/arrange", do="down:prevention")
    assert page.location == f"{SETS}{set_.id}/#assessment-set-prevention"
    assert [area.key for area in draft().questions.areas].index("prevention") == 1
    coordinator.send(f"{SETS}{set_.id}/arrange", do="up:prevention")
    assert draft() == SetDraft(OURS)


def test_a_whole_area_is_hidden_and_shown(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    coordinator.send(f"{SETS}{set_.id}/arrange", do="hide:prevention")
    assert [area.key for area in draft().asked.areas] == [area.key for area in OURS.areas[1:]]
    coordinator.send(f"{SETS}{set_.id}/arrange", do="show:prevention")
    assert draft() == SetDraft(OURS)


@pytest.mark.parametrize("do", ["hide:gone", "burn:public-understanding", "hide", ":"])
def test_what_is_not_there_cannot_be_arranged(coordinator: EngageClient, do: str) -> None:
    set_ = make_draft_set()
    assert coordinator.send(f"{SETS}{set_.id}/areas/prevention/arrange", do=do).status == 409
    assert coordinator.send(f"{SETS}{set_.id}/arrange", do=do).status == 409
    assert coordinator.send(f"{SETS}{set_.id}/arrange").status == 422
    assert coordinator.send(f"{SETS}{set_.id}/areas/prevention/arrange").status == 422
    assert coordinator.send(f"{SETS}{set_.id}/areas/gone/arrange", do=do).status == 404
    assert draft() == SetDraft(OURS)


# -- one question


def test_new_words_for_the_same_question_keep_its_meaning(coordinator: EngageClient) -> None:
    make_round(title="Round of spring")
    set_ = make_draft_set()
    path = f"{SETS}{set_.id}/questions/{FIRST.key}"
    page = coordinator.page(path)
    assert (page.value("statement"), page.value("level_4")) == (FIRST.statement, FIRST.levels[4])
    sent = words(statement="Anyone can find\r\ntrue facts.", kind="same")
    page = coordinator.send(path, **sent)
    assert (page.status, page.location) == (303, f"{SETS}{set_.id}/#question-{FIRST.key}")
    assert (question().statement, question().meaning) == ("Anyone can find true facts.", FIRST.meaning)
    shown = coordinator.page(f"{SETS}{set_.id}/")
    assert shown.text(f"#question-{FIRST.key} .tag") == "Reworded"
    assert shown.has("43 of 43 questions ask the same thing as in “Round of spring”")
    assert shown.has("Compared, though reworded since the last round: 1")


def test_a_new_question_under_an_old_name_is_not_compared(coordinator: EngageClient) -> None:
    make_round(title="Round of spring")
    set_ = make_draft_set()
    coordinator.send(
        f"{SETS}{set_.id}/questions/{FIRST.key}", **words(statement="Beds are free.", kind="new")
    )
    assert question().meaning == 101
    shown = coordinator.page(f"{SETS}{set_.id}/")
    assert shown.text(f"#question-{FIRST.key} .tag") == "New question"
    assert shown.has("42 of 43 questions ask the same thing as in “Round of spring”")
    assert shown.has("New question with an old name: 1")


def test_a_meaning_is_never_given_twice(coordinator: EngageClient) -> None:
    """After a round asked meaning 101 and the set went back to ours, the next new question is 102."""
    asked = SetDraft(OURS).put("prevention", replace(FIRST, meaning=101, statement="Beds are free."))
    make_round(questions=asked.asked.to_json())
    set_ = make_draft_set()
    coordinator.send(
        f"{SETS}{set_.id}/questions/{FIRST.key}", **words(statement="Vans are free.", kind="new")
    )
    assert question().meaning == 102


def test_new_words_without_saying_whether_they_ask_the_same_are_refused(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    page = coordinator.send(f"{SETS}{set_.id}/questions/{FIRST.key}", **words(statement="Other words."))
    assert (page.status, page.errors) == (422, ["Say whether the new words still ask the same thing."])
    assert page.value("statement") == "Other words."
    assert draft() == SetDraft(OURS)


def test_why_we_ask_and_who_knows_change_without_that_question(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    path = f"{SETS}{set_.id}/questions/{FIRST.key}"
    page = coordinator.send(path, **words(why="For our town.", ask=["nurses", "teachers"], kind="new"))
    assert page.status == 303
    assert (question().why, question().ask, question().meaning) == (
        "For our town.",
        ("nurses", "teachers"),
        FIRST.meaning,
    )


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("title", "", "Give the question a short title."),
        ("title", "x" * 121, "This is too long"),
        ("statement", "", "Write the statement or question."),
        ("level_0", "", "Describe level 0."),
        ("level_4", " ", "Describe level 4."),
        ("level_2", "x" * 501, "This is too long"),
        ("why", "x" * 501, "This is too long"),
        ("area", "gone", "Not a valid choice."),
        ("ask", "nobody", "'nobody' is not a valid choice"),
    ],
)
def test_a_refused_question_says_why_and_keeps_the_rest(
    coordinator: EngageClient, field: str, value: str, message: str
) -> None:
    set_ = make_draft_set()
    for path in ("add-question", f"questions/{FIRST.key}"):
        page = coordinator.send(
            f"{SETS}{set_.id}/{path}", **words(kind="same", **{"level_3": "Mine.", field: value})
        )
        assert page.status == 422
        assert any(message in error for error in page.errors), page.errors
        assert page.value("level_3") == "Mine."
    assert draft() == SetDraft(OURS)


def test_personal_details_in_a_question_are_warned_of_once(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    page = coordinator.send(f"{SETS}{set_.id}/add-question", **words(statement="Call 555-010-1234 now."))
    assert page.status == 422
    assert page.has("This looks like it contains a phone number")
    accepted = page.one("#statement-accept").attributes["value"]
    more = {"statement-accepted": accepted}
    page = coordinator.send(
        f"{SETS}{set_.id}/add-question", **words(statement="Call 555-010-1234 now.", **more)
    )
    assert page.status == 303


def test_two_coordinators_at_one_question_see_both_texts(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    path = f"{SETS}{set_.id}/questions/{FIRST.key}"
    version = coordinator.page(path).value("version")
    coordinator.send(f"{SETS}{set_.id}/areas/prevention/arrange", do=f"down:{FIRST.key}")
    first = words(statement="First.", kind="same", version=version)
    assert coordinator.send(path, **first).status == 303, "moving is no other text"
    page = coordinator.send(path, **words(statement="Second.", kind="same", version=version))
    assert page.status == 409
    assert page.texts(".conflict-text") == ["First.", "Second."]
    assert page.value("statement") == "Second."
    again = words(statement="Second.", kind="same", version=page.value("version"))
    assert coordinator.send(path, **again).status == 303
    assert question().statement == "Second."


def test_an_added_question_gets_a_key_of_its_own(coordinator: EngageClient) -> None:
    make_round(title="Round of spring")
    set_ = make_draft_set()
    assert coordinator.page(f"{SETS}{set_.id}/add-question?area=reform").value("area") == "reform"
    own = words(area="reform", title="Beds for boys", ask=[])
    page = coordinator.send(f"{SETS}{set_.id}/add-question", **own)
    assert page.location == f"{SETS}{set_.id}/#question-own-beds-for-boys"
    added = question("own-beds-for-boys")
    assert (added.meaning, added.title, added.ask) == (1, "Beds for boys", ())
    shown = coordinator.page(f"{SETS}{set_.id}/")
    assert shown.text("#question-own-beds-for-boys .tag") == "Added"
    assert shown.has("Not asked in the last round: 1")
    # No one has answered it yet: new words need no decision.
    path = f"{SETS}{set_.id}/questions/own-beds-for-boys"
    assert not coordinator.page(path).all("[name=kind]")
    assert coordinator.send(path, **{**own, "statement": "New.", "version": "2"}).status == 303


def test_an_added_question_that_a_round_asked_needs_the_decision(coordinator: EngageClient) -> None:
    own = SetDraft(OURS).put("reform", asking("own-beds"))
    make_round(questions=own.asked.to_json())
    set_ = make_draft_set(own)
    page = coordinator.send(
        f"{SETS}{set_.id}/questions/own-beds", **words(asking("own-beds"), "reform", statement="New.")
    )
    assert page.errors == ["Say whether the new words still ask the same thing."]


def test_a_deleted_question_that_comes_back_under_its_name_is_another_one(coordinator: EngageClient) -> None:
    own = SetDraft(OURS).put("reform", asking("own-beds-for-boys"))
    make_round(questions=own.asked.to_json())
    set_ = make_draft_set(own)
    path = f"{SETS}{set_.id}/questions/own-beds-for-boys/delete"
    assert coordinator.page(path).has("hide it instead")
    assert coordinator.send(path).location == f"{SETS}{set_.id}/#assessment-set-reform"
    assert draft().questions.find("own-beds-for-boys") is None
    coordinator.send(f"{SETS}{set_.id}/add-question", **words(title="Beds for boys"))
    assert question("own-beds-for-boys").meaning == 101


def test_a_question_goes_back_to_our_words(coordinator: EngageClient) -> None:
    changed = replace(FIRST, statement="Beds are free.", meaning=101)
    set_ = make_draft_set(SetDraft(OURS).put("prevention", changed))
    page = coordinator.page(f"{SETS}{set_.id}/questions/{FIRST.key}")
    assert page.text("#assessment-question-ours").startswith("Original words from Engage")
    assert coordinator.send(f"{SETS}{set_.id}/questions/{FIRST.key}/reset").status == 303
    assert question() == FIRST


def test_what_is_not_ours_has_nothing_to_go_back_to(coordinator: EngageClient) -> None:
    set_ = make_draft_set(SetDraft(OURS).put("prevention", asking("own-beds")))
    assert not coordinator.page(f"{SETS}{set_.id}/questions/own-beds").all("#assessment-question-ours")
    page = coordinator.send(f"{SETS}{set_.id}/questions/own-beds/reset")
    assert page.status == 409
    assert page.has("there is nothing to go back to")


def test_spanish_texts_stay_with_clearer_words_and_go_with_a_new_question(coordinator: EngageClient) -> None:
    spanish = QuestionWording("Hechos", "Hay hechos.", "", ("0", "1", "2", "3", "4"))
    both = replace(FIRST, texts={"es": spanish})
    set_ = make_draft_set(SetDraft(OURS).put("prevention", both))
    path = f"{SETS}{set_.id}/questions/{FIRST.key}"
    assert coordinator.page(path).value("es_statement") == "Hay hechos."
    coordinator.send(path, **words(statement="Clearer.", kind="same", version="2"))
    assert question().texts == {"es": spanish}
    coordinator.send(path, **words(statement="Another.", kind="new", version="3"))
    assert question().texts == {}


def test_a_full_set_takes_no_more_questions_and_keeps_what_was_typed(coordinator: EngageClient) -> None:
    full = tuple(asking(f"q{number}") for number in range(MOST_QUESTIONS))
    set_ = make_draft_set(
        SetDraft(replace(OURS, areas=(QuestionArea("prevention", "Prevention", "P", "", full),)))
    )
    page = coordinator.send(f"{SETS}{set_.id}/add-question", **words(title="One more"))
    assert page.status == 409
    assert page.has("at most 500 questions in 30 focus areas")
    assert page.value("title") == "One more"


def test_a_set_takes_no_words_that_its_file_could_not_hold(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    set_ = make_draft_set()
    path = f"{SETS}{set_.id}/add-question"
    room = len(sets_files.write("T" * 120, SetDraft(OURS)).encode()) + 100
    monkeypatch.setattr(sets_files, "MOST_QUESTION_BYTES", room)
    page = coordinator.send(path, **words(title="One more"))
    assert page.status == 409
    assert page.has("would no longer fit in one file")
    assert page.value("title") == "One more"
    monkeypatch.setattr(sets_files, "MOST_QUESTION_BYTES", room - 500)
    refused = upload(coordinator, sets_files.write("Ours", SetDraft(OURS)), do="save")
    assert refused.errors == ["These questions would no longer fit in one file of 400 KB. Shorten some."]
    monkeypatch.setattr(sets_files, "MOST_QUESTION_BYTES", room + 2000)
    assert coordinator.send(path, **words(title="One more")).status == 303


# -- focus areas


def test_an_own_area_is_added_filled_and_asked_everywhere(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    set_ = make_draft_set()
    area = {"name": "The waterfront", "short": "Waterfront", "asks": "Who works on the boats?"}
    page = coordinator.send(f"{SETS}{set_.id}/add-area", **area)
    assert page.location == f"{SETS}{set_.id}/#assessment-set-own-the-waterfront"
    assert coordinator.page(f"{SETS}{set_.id}/").text("#assessment-set-own-the-waterfront h2") == area["name"]
    coordinator.send(
        f"{SETS}{set_.id}/add-question", **words(area="own-the-waterfront", title="Dock workers", ask=[])
    )
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(set_.id))
    round_ = db.session.scalars(sa.select(Round)).one()
    location = f"{HERE}rounds/{round_.id}/"
    make_affiliation(member.membership)
    member.send(f"{location}start")
    assert member.page(location).has("The waterfront")
    asked = member.page(f"{location}questions/own-dock-workers")
    assert asked.has(FIRST.statement)
    assert member.page(f"{location}areas/own-the-waterfront").has(FIRST.statement)
    assert member.send(f"{location}questions/own-dock-workers", answer="1").status == 303
    assert member.page(f"{location}areas/own-the-waterfront/check").has("Dock workers")
    for person in (coordinator, viewer):
        make_response(round_, person.membership, {"own-dock-workers": 1})
    member.send(f"{location}submit")
    coordinator.send(f"{location}close")
    page = viewer.page(f"{location}results/")
    assert page.has("Waterfront")
    assert member.page(f"{location}results/own-the-waterfront").has("Dock workers")
    made = member.send(f"{location}results/actions/own-dock-workers")
    assert member.page(made.location or "").value("title") == "Dock workers"
    for path in ("", "assessment/", "plan/", "start/"):
        assert coordinator.get(f"/c/riverbend/{path}").status_code == 200


def test_an_area_is_renamed_and_two_names_at_once_are_both_shown(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    path = f"{SETS}{set_.id}/areas/prevention"
    page = coordinator.page(path)
    sent = {name: page.value(name) for name in ("name", "short", "asks", "version")}
    assert coordinator.send(path, **{**sent, "name": "Before harm"}).status == 303
    page = coordinator.send(path, **{**sent, "name": "Acting early"})
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Before harm", "Acting early"]
    area = draft().questions.area("prevention")
    assert area is not None and area.name == "Before harm"
    assert len(area.questions) == len(OURS.areas[0].questions)
    page = coordinator.send(path, name="", short="x" * 25, asks="")
    assert page.errors[0] == "Give the focus area a name."
    assert page.errors[1].startswith("This is too long: at most 24")


def test_only_an_empty_area_is_deleted(coordinator: EngageClient) -> None:
    own = QuestionArea("own-water", "Water", "Water", "", ())
    set_ = make_draft_set(SetDraft(OURS).put_area(own))
    assert coordinator.page(f"{SETS}{set_.id}/areas/own-water").has("Delete this focus area")
    assert not coordinator.page(f"{SETS}{set_.id}/areas/prevention").has("Delete this focus area")
    page = coordinator.send(f"{SETS}{set_.id}/areas/prevention/delete")
    assert page.status == 409
    assert page.has("This area still has questions.")
    assert coordinator.send(f"{SETS}{set_.id}/areas/own-water/delete").status == 303
    assert draft().questions.area("own-water") is None


# -- files


def test_a_set_is_downloaded_changed_and_loaded_again(coordinator: EngageClient) -> None:
    set_ = make_draft_set(SetDraft(OURS).hide([FIRST.key]), title="Ours, 2026")
    answer = coordinator.get(f"{SETS}{set_.id}/file")
    assert answer.headers["Content-Disposition"] == "attachment; filename=questions.yaml"
    file = answer.get_data(as_text=True)
    page = upload(coordinator, file)
    assert page.status == 200
    assert page.has("Contents: Ours, 2026")
    assert page.has("42 questions in 6 focus areas. 1 is hidden.")
    assert len(db.session.scalars(sa.select(DraftSet)).all()) == 1, "looking saves nothing"
    page = upload(coordinator, do="save", text=page.value("text"), file_name=page.value("file_name"))
    assert page.status == 303
    rows = db.session.scalars(sa.select(DraftSet).order_by(DraftSet.id)).all()
    assert [row.title for row in rows] == ["Ours, 2026", "Ours, 2026"]
    assert sets_service.draft_of(rows[1]) == sets_service.draft_of(rows[0])


def test_our_questions_are_downloaded_too(coordinator: EngageClient) -> None:
    file = coordinator.get(f"{SETS}ours/file").get_data(as_text=True)
    assert sets_files.read(file, OURS).draft == sets_service.everything()


def test_a_loaded_file_is_compared_with_the_last_round(coordinator: EngageClient) -> None:
    make_round(title="Round of spring")
    file = sets_files.write("", SetDraft(OURS).take_out(FIRST.key).put("reform", asking("own-beds")))
    page = upload(coordinator, file.replace("title: ''\n", ""), name="river_bend.yaml")
    assert page.has("Contents: river bend"), "called by its file"
    assert page.has("42 of 43 questions ask the same thing as in “Round of spring”")
    assert page.has("Not asked in the last round: 1")
    assert page.has("Asked in the last round, not in this set: 1")


def test_a_story_in_a_file_is_asked_about_before_it_is_saved(coordinator: EngageClient) -> None:
    set_ = make_draft_set(SetDraft(OURS), title="Her uncle sells the 15 year old girl")
    file = coordinator.get(f"{SETS}{set_.id}/file").get_data(as_text=True)
    page = upload(coordinator, file, do="save")
    assert page.status == 422
    assert page.has("a story about a real person")
    assert db.session.scalars(sa.select(DraftSet)).all() == [set_]


def test_a_file_whose_name_tells_of_someone_lends_no_title(coordinator: EngageClient) -> None:
    file = sets_files.write("", SetDraft(OURS)).replace("title: ''\n", "")
    page = upload(coordinator, file, name="Her_uncle_sells_the_15_year_old_girl.yaml")
    assert page.has("Contents: Questions from a file")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("areas:\n- key: a\n  key: b\n", 'Line 3: the field "key" is here twice; remove one.'),
        ("areas: &all\n- key: a\n", "Line 1: anchors (&) and aliases (*) are not used here"),
        ("# ours\n\nareas: 5\n", "Line 3: expected a list here"),
        (b"areas:\n- key: Caf\xe9\n", "Line 2: this is not UTF-8 text"),
        (b"\x89PNG\r\n\x1a\n\0\0", "this is not UTF-8 text"),
    ],
)
def test_a_refused_file_says_where_and_saves_nothing(
    coordinator: EngageClient, text: str | bytes, message: str
) -> None:
    page = upload(coordinator, text, do="save")
    assert page.status == 422
    assert any(message in error for error in page.errors), page.errors
    if isinstance(text, str):
        assert page.value("text") == text, "to be mended here"
        assert page.value("file_name") == "ours.yaml"
    assert db.session.scalars(sa.select(DraftSet)).all() == []


def test_a_file_that_is_too_large_is_refused_before_it_is_read(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sets_forms, "MOST_QUESTION_BYTES", 1000)
    page = upload(coordinator, "#" * 1001)
    assert (page.status, page.errors) == (422, ["This file is too large: at most 400 KB."])
    assert upload(coordinator, "#" * 1000).errors == ["Line 1: the file is empty; put its content back."]


def test_without_a_file_and_a_text_there_is_nothing_to_load(coordinator: EngageClient) -> None:
    page = upload(coordinator)
    assert (page.status, page.errors) == (422, ["Choose a file, or paste its text below."])
    assert coordinator.page(f"{SETS}load").has("File format")


def test_windows_line_ends_and_a_byte_order_mark_do_no_harm(coordinator: EngageClient) -> None:
    file = sets_files.write("Ours", SetDraft(OURS)).replace("\n", "\r\n").encode("utf-8-sig")
    page = upload(coordinator, file, do="save")
    assert page.status == 303
    assert draft() == SetDraft(OURS)


# -- rounds


def test_a_round_is_opened_with_the_chosen_set_and_keeps_its_copy(coordinator: EngageClient) -> None:
    set_ = make_draft_set(SetDraft(OURS).hide([FIRST.key]), title="Fall questions")
    link = coordinator.page(f"{SETS}{set_.id}/").one("main a.btn-primary").attributes["href"]
    page = coordinator.page(link or "")
    assert page.one("[name=questions][checked]").attributes["value"] == str(set_.id)
    assert page.has("Fall questions 42 questions in 6 focus areas. 1 is hidden.")
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(set_.id))
    frozen_then = db.session.scalars(sa.select(Round)).one().questions
    coordinator.send(f"{SETS}{set_.id}/questions/reducing-demand/delete")
    coordinator.send(f"{SETS}{set_.id}/arrange", do="hide:prevention")
    assert db.session.scalars(sa.select(Round)).one().questions == frozen_then
    assert coordinator.page(f"{SETS}{set_.id}/").all("main a.btn-primary"), (
        "one round for anyone may be open, too"
    )
    make_round(asked=Asked.ANYONE)
    assert not coordinator.page(f"{SETS}{set_.id}/").all("main a.btn-primary"), "both are open"


def test_without_a_choice_a_round_asks_our_questions(coordinator: EngageClient) -> None:
    make_draft_set(SetDraft(OURS).hide([FIRST.key]))
    page = coordinator.page(f"{HERE}rounds/new")
    assert page.one("[name=questions][checked]").attributes["value"] == "0"
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions="0")
    asked = QuestionSet.from_json(db.session.scalars(sa.select(Round)).one().questions)
    assert asked == in_all_languages(OURS)


def test_a_set_that_asks_nothing_opens_no_round(coordinator: EngageClient) -> None:
    set_ = make_draft_set(SetDraft(OURS).hide(SetDraft(OURS).keys))
    page = coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(set_.id))
    assert page.status == 422
    assert page.errors == ["This set asks nothing: all of its questions are hidden."]
    assert page.value("title") == ROUND["title"]
    assert not coordinator.page(f"{SETS}{set_.id}/").all("main a.btn-primary")


def test_respondents_read_the_questions_in_their_language_where_there_is_one(member: EngageClient) -> None:
    spanish = QuestionWording("Hechos", "Hay hechos.", "Porque sí.", ("nada", "poco", "algo", "casi", "todo"))
    both = SetDraft(OURS).put("prevention", replace(FIRST, texts={"es": spanish}))
    round_ = make_round(questions=both.asked.to_json())
    make_affiliation(member.membership)
    member.send(f"{HERE}rounds/{round_.id}/start")
    path = f"{HERE}rounds/{round_.id}/questions/{FIRST.key}"
    page = member.page(path, headers={"Accept-Language": "es-MX,es;q=0.9,en;q=0.5"})
    assert page.has("Hay hechos.") and page.has("todo")
    assert member.page(path, headers={"Accept-Language": "en"}).has(FIRST.statement)
    assert member.page(path, headers={"Accept-Language": "fr"}).has(FIRST.statement)


def test_history_says_who_changed_a_set_and_no_text(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    coordinator.send(
        f"{SETS}{set_.id}/questions/{FIRST.key}", **words(statement="Secret words.", kind="same")
    )
    entry = db.session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.thing, entry.field, entry.old, entry.new) == (
        "assessment_draft_set",
        "question",
        None,
        None,
    )


def test_a_sets_page_asks_the_same_few_things_however_many_questions_there_are(
    coordinator: EngageClient,
) -> None:
    small, large = make_draft_set(), make_draft_set()
    many = tuple(asking(f"q{number}") for number in range(MOST_QUESTIONS))
    large.questions = SetDraft(replace(OURS, areas=(replace(OURS.areas[0], questions=many),))).to_json()
    db.session.commit()
    counts = []
    for path in [f"{SETS}{set_.id}/" for set_ in (small, large)]:
        with counted_queries() as statements:
            coordinator.page(path)
        counts.append(len(statements))
    assert counts[0] == counts[1] <= 8
