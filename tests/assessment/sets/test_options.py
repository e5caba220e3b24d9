"""Questions with options in a coalition's own set: how they are written, warned of, and kept in files."""

from typing import Any

import pytest
from msgspec.structs import replace

from engage.assessment.questions import Question, QuestionWording
from engage.assessment.rules import QuestionKind
from engage.assessment.sets.files import Loaded, read, write
from engage.assessment.sets.rules import SetDraft
from engage.assessment.sets.sensitive import asks_who_was_exploited
from engage.content.nodes import ContentError
from tests.assessment.options import HEARD, MIXED, ONE, OURS, SEVERAL, YES_NO, option_question
from tests.assessment.sets.test_sets import SETS, draft, question, upload
from tests.client import EngageClient
from tests.factories import make_draft_set, make_round

NEW: dict[str, Any] = {
    "area": "prevention",
    "title": "How you heard",
    "statement": "How did you hear about us?",
    "answers": "one",
    "option_1": "From a friend",
    "option_2": "",
    "option_3": "At work",
    "level_0": "What was typed before does not matter.",
}
ADDED = "own-how-you-heard"


def test_a_question_with_options_is_added_and_empty_lines_do_not_count(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    page = coordinator.send(f"{SETS}{set_.id}/add-question", **NEW)
    assert page.location == f"{SETS}{set_.id}/#question-{ADDED}"
    added = question(ADDED)
    assert (added.kind, added.options, added.levels) == (QuestionKind.ONE, ("From a friend", "At work"), ())
    page = coordinator.page(f"{SETS}{set_.id}/questions/{ADDED}")
    assert page.one("[name=answers][checked]").attributes["value"] == "one"
    assert [page.value(f"option_{number}") for number in (1, 2, 3)] == ["From a friend", "At work", ""]
    yes_no = {**NEW, "answers": "yes_no", "title": "Website"}
    assert coordinator.send(f"{SETS}{set_.id}/add-question", **yes_no).status == 303
    assert (question("own-website").choices, question("own-website").options) == (2, ())


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"option_3": ""}, "Write at least two answers to choose from."),
        ({"option_3": "from a FRIEND"}, "Two answers are alike. Change one of them."),
        ({"answers": "levels"}, "Describe level 1."),
        ({"option_2": "x" * 121}, "This is too long: at most 120 characters."),
    ],
)
def test_answers_that_no_one_could_choose_from_are_refused(
    coordinator: EngageClient, changes: dict[str, str], message: str
) -> None:
    set_ = make_draft_set()
    page = coordinator.send(f"{SETS}{set_.id}/add-question", **{**NEW, **changes})
    assert page.status == 422
    assert any(error.startswith(message) for error in page.errors), page.errors
    assert page.value("option_1") == "From a friend"


def test_other_answers_make_a_new_question_once_a_round_has_asked_it(coordinator: EngageClient) -> None:
    """A count of the third option would else be compared with one of another third option."""
    make_round(questions=MIXED.to_json())
    set_ = make_draft_set(SetDraft(MIXED))
    path = f"{SETS}{set_.id}/questions/{HEARD}"
    words = {
        "area": "own-feedback",
        "title": ONE.title,
        "statement": ONE.statement,
        "answers": "one",
        "kind": "same",
    }
    options = {f"option_{number}": text for number, text in enumerate(ONE.options, 1)}
    assert coordinator.send(path, **words, **options, version="1").status == 303
    assert (
        coordinator.send(path, **words, **{**options, "option_1": "From friends"}, version="2").status == 303
    )
    assert question(HEARD).meaning == 1
    assert coordinator.send(path, **words, **options, option_4="Elsewhere", version="3").status == 303
    assert question(HEARD).meaning == 101


def test_another_number_of_answers_drops_texts_that_name_the_old_ones(coordinator: EngageClient) -> None:
    spanish = QuestionWording(
        title="Cómo", statement="¿Cómo supo?", why="", options=("Amistad", "Trabajo", "Noticias")
    )
    set_ = make_draft_set(SetDraft(MIXED).put("own-feedback", replace(ONE, texts={"es": spanish})))
    words = {"area": "own-feedback", "title": ONE.title, "statement": ONE.statement, "answers": "one"}
    path = f"{SETS}{set_.id}/questions/{HEARD}"
    options = {"option_1": "A", "option_2": "B", "option_3": "C"}
    assert coordinator.send(path, **words, **options, version="2").status == 303
    assert question(HEARD).texts.keys() == {"es"}
    assert coordinator.send(path, **words, **options, option_4="D", version="3").status == 303
    assert (question(HEARD).texts, question(HEARD).meaning) == ({}, 1)


SENSITIVE = [
    "Are you a survivor of trafficking?",
    "Have you ever been trafficked?",
    "I have lived experience of exploitation.",
    "When you left, who helped first?",
    "Did your trafficker control your money?",
    "Have you ever been forced to work?",
    "¿Es usted sobreviviente de trata de personas?",
]
HARMLESS = [
    "Survivors can get help here within a day.",
    "Did the training help you?",
    "Do people who were trafficked get a lawyer here?",
    "How did you hear about our coalition?",
    "Can you name the hotline?",
]


def asked(statement: str, *options: str) -> Question:
    given = option_question("own-asked", QuestionKind.ONE, *(options or ("Yes", "No")))
    return replace(given, statement=statement)


@pytest.mark.parametrize("statement", SENSITIVE)
def test_asking_who_was_exploited_is_noticed(statement: str) -> None:
    assert asks_who_was_exploited(asked(statement))


@pytest.mark.parametrize("statement", HARMLESS)
def test_asking_about_the_community_is_not(statement: str) -> None:
    assert not asks_who_was_exploited(asked(statement))


def test_an_option_that_names_survivors_is_noticed_and_none_of_our_statements_is() -> None:
    assert asks_who_was_exploited(asked("Which of these fits?", "Survivor", "Advocate"))
    assert [each.key for area in OURS.areas for each in area.questions if asks_who_was_exploited(each)] == []


def test_a_sensitive_question_warns_once_and_says_why(coordinator: EngageClient) -> None:
    set_ = make_draft_set()
    path = f"{SETS}{set_.id}/add-question"
    words = {**NEW, "statement": SENSITIVE[0], "answers": "yes_no"}
    page = coordinator.send(path, **words)
    assert page.status == 422
    assert page.errors[0].startswith("This seems to ask whether someone was trafficked or exploited")
    assert page.value("statement") == SENSITIVE[0]
    assert coordinator.send(path, **words, sure="y").status == 303
    saved = {**words, "version": "2", "why": "To learn."}
    assert coordinator.send(f"{SETS}{set_.id}/questions/{ADDED}", **saved).status == 303
    text = write("Ours", draft())
    assert upload(coordinator, text, do="check").text("#assessment-set-sensitive li") == "How you heard"
    assert not upload(coordinator, write("Ours", SetDraft(OURS)), do="check").all("#assessment-set-sensitive")


# files


def test_a_file_holds_each_kind_in_each_language() -> None:
    spanish = QuestionWording(
        title="Cómo", statement="¿Cómo supo?", why="", options=("Amistad", "Trabajo", "Noticias")
    )
    whole = SetDraft(MIXED).put("own-feedback", replace(ONE, texts={"es": spanish}))
    assert read(write("Ours", whole), OURS) == Loaded("Ours", SetDraft(whole.questions))
    assert {each.kind for each in (ONE, SEVERAL, YES_NO)} == set(QuestionKind) - {QuestionKind.LEVELS}


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ("answers: some\n    options: [a, b]", "some is not a known answer"),
        ("answers: one\n    options: [a]", "expected 2 to 7 options here, and found 1"),
        ("answers: one\n    options: [a, b, c, d, e, f, g, h]", "expected 2 to 7 options here, and found 8"),
        ("answers: one\n    options: [a, A]", "two options are alike"),
        ("answers: one", "the field options is missing"),
        ("answers: yes_no\n    options: [a, b]", "unknown field options"),
        ("answers: several\n    levels: [a, b, c, d, e]", "unknown field levels"),
        ("options: [a, b]", "unknown field options"),
        (
            "answers: one\n    options: [a, b]\n    es: {title: t, statement: s, options: [a, b, c]}",
            "expected 2 options here, as many as in English",
        ),
    ],
)
def test_a_file_with_other_answers_is_refused_in_words(change: str, says: str) -> None:
    start = "areas:\n- key: prevention\n  questions:\n  - key: own-it\n    title: It\n    statement: It?\n"
    text = f"{start}    {change}\n"
    with pytest.raises(ContentError) as refusal:
        read(text, OURS)
    assert says in refusal.value.problem.replace('"', "")
