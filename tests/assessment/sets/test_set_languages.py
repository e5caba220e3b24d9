"""A coalition's own questions in another language: the form, the file, what is missing, and what comes with Engage."""

from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import replace

from engage.assessment.languages import as_read, in_all_languages, translated
from engage.assessment.models import DraftSet, Round
from engage.assessment.questions import (
    AreaWording,
    Question,
    QuestionArea,
    QuestionSet,
    QuestionWording,
    frozen,
)
from engage.assessment.rules import QuestionKind
from engage.assessment.sets import files
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.rules import SetDraft
from engage.content.loader import content
from engage.content.nodes import ContentError
from engage.extensions import db
from tests.assessment.sets.test_sets import HERE, OURS, ROUND, SETS, words
from tests.assessment.test_questions import asking
from tests.client import EngageClient
from tests.factories import make_affiliation, make_draft_set, make_round

BEDS = asking("own-beds")
SPANISH = QuestionWording("Camas", "Hay camas.", "", ("nada", "poco", "algo", "casi", "todo"))
IN_SPANISH = {
    "es_title": "Camas",
    "es_statement": "Hay camas.",
    **{f"es_level_{number}": text for number, text in enumerate(SPANISH.levels)},
    **{f"es_option_{number}": "" for number in range(1, 8)},
    "es_why": "",
}
WATER = QuestionArea("own-water", "Water", "Water", "", (BEDS,))


def own_set(*more: Question) -> DraftSet:
    return make_draft_set(SetDraft(QuestionSet("en", OURS.scale, (replace(WATER, questions=(BEDS, *more)),))))


def saved(key: str = BEDS.key) -> Question:
    draft = sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one())
    pair = draft.questions.find(key)
    assert pair is not None
    return pair[1]


def form(**changes: Any) -> dict[str, Any]:
    return words(BEDS, area=WATER.key, **{**IN_SPANISH, **changes})


def test_an_area_keeps_its_name_in_spanish_where_engage_has_put_its_question_in_other_words_since() -> None:
    before = replace(OURS, areas=(replace(OURS.areas[0], asks="Is it safe here?"), *OURS.areas[1:]))
    ours, theirs = translated(before, "es").areas[0], content("es").areas[0]
    assert (ours.name, ours.short, ours.asks) == (theirs.name, theirs.short, "Is it safe here?")


def test_an_area_that_was_renamed_is_read_in_the_words_of_those_who_named_it() -> None:
    renamed = replace(OURS, areas=(replace(OURS.areas[0], name="The river"), *OURS.areas[1:]))
    assert translated(renamed, "es").areas[0].name == "The river"


# -- the form


def test_a_question_gets_its_texts_in_another_language_beside_its_own(coordinator: EngageClient) -> None:
    set_ = own_set()
    path = f"{SETS}{set_.id}/questions/{BEDS.key}"
    page = coordinator.page(path)
    assert page.texts("details.form-more summary") == ["In another language: Spanish"]
    assert page.one("[name=es_statement]").attributes["lang"] == "es"
    assert coordinator.send(path, **form()).status == 303
    assert saved() == replace(BEDS, texts={"es": SPANISH})
    assert coordinator.page(path).value("es_level_4") == "todo"
    coordinator.send(path, **form(version="2", **dict.fromkeys(IN_SPANISH, "")))
    assert saved().texts == {}


@pytest.mark.parametrize(
    ("changes", "field", "says"),
    [
        ({"es_level_3": ""}, "es_level_3", "Write all answers in Spanish, or none of them."),
        (
            {"es_title": "x" * 121},
            "es_title",
            "This is too long: at most 120 characters. Nothing was cut; shorten it.",
        ),
        (
            {
                "answers": "one",
                "option_1": "Yes",
                "option_2": "No",
                "es_option_1": "Sí",
                "es_option_2": "sí",
            },
            "es_option_1",
            "Two answers are alike. Change one of them.",
        ),
        (
            {"answers": "one", "option_1": "Yes", "option_2": "No", "es_option_3": "Quizás"},
            "es_option_1",
            "Write all answers in Spanish, or none of them.",
        ),
    ],
)
def test_what_cannot_stand_beside_is_refused_where_it_is_and_kept(
    coordinator: EngageClient, changes: dict[str, str], field: str, says: str
) -> None:
    set_ = own_set()
    page = coordinator.send(f"{SETS}{set_.id}/questions/{BEDS.key}", **form(**changes))
    assert (page.status, page.errors) == (422, [says])
    assert page.all(f"details[open] [name={field}][aria-invalid=true]")
    assert page.value("es_statement") == "Hay camas."
    assert saved() == BEDS


def test_answers_to_choose_from_stand_beside_each_other(coordinator: EngageClient) -> None:
    set_ = own_set()
    sent = form(answers="one", option_1="Yes", option_3="No", es_option_1="Sí", es_option_3="No")
    coordinator.send(f"{SETS}{set_.id}/questions/{BEDS.key}", **sent)
    assert (saved().options, saved().texts["es"].options) == (("Yes", "No"), ("Sí", "No"))


@pytest.mark.parametrize(("statement", "kept"), [("Otra.", ["es"]), ("Hay camas.", [])])
def test_a_new_question_keeps_only_texts_that_changed_with_it(
    coordinator: EngageClient, statement: str, kept: list[str]
) -> None:
    set_ = own_set()
    path = f"{SETS}{set_.id}/questions/{BEDS.key}"
    coordinator.send(path, **form())
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions=str(set_.id))
    sent = form(statement="Another.", kind="new", es_statement=statement, version="2")
    assert coordinator.send(path, **sent).status == 303
    assert (saved().meaning, list(saved().texts)) == (101, kept)


def test_a_sensitive_question_is_noticed_in_either_language(coordinator: EngageClient) -> None:
    set_ = own_set()
    path = f"{SETS}{set_.id}/questions/{BEDS.key}"
    page = coordinator.send(path, **form(es_statement="¿Usted ha sido víctima de trata de personas?"))
    assert page.status == 422
    assert page.all("[name=sure]")


def test_a_focus_area_has_its_name_in_another_language(coordinator: EngageClient) -> None:
    set_ = own_set()
    path = f"{SETS}{set_.id}/areas/{WATER.key}"
    sent = {"name": "Water", "short": "Water", "asks": "", "version": "1"}
    coordinator.send(path, **sent, es_name="Agua", es_short="Agua", es_asks="")
    assert coordinator.page(path).value("es_name") == "Agua"
    draft = sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one())
    assert draft.questions.areas[0].texts == {"es": AreaWording("Agua", "Agua", "")}
    coordinator.send(path, **{**sent, "version": "2"})  # a form from before keeps them
    draft = sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one())
    assert draft.questions.areas[0].texts == {"es": AreaWording("Agua", "Agua", "")}


# -- what is missing


def test_what_is_missing_is_read_in_the_first_language() -> None:
    half = replace(BEDS, why="Because.", texts={"es": QuestionWording(statement="Hay camas.")})
    read = half.in_language("es")
    assert (read.title, read.statement, read.why, read.levels) == (
        BEDS.title,
        "Hay camas.",
        "Because.",
        BEDS.levels,
    )
    assert (half.lacks("es"), replace(BEDS, texts={"es": SPANISH}).lacks("es")) == (True, False)
    two = replace(BEDS, levels=(), kind=QuestionKind.ONE, options=("a", "b"), texts={"es": SPANISH})
    assert two.lacks("es")
    assert two.in_language("es").options == ("a", "b")


def test_what_is_read_in_the_first_language_says_so_to_a_screen_reader_and_the_rest_does_not(
    coordinator: EngageClient,
) -> None:
    half = replace(BEDS, texts={"es": QuestionWording("Camas", "Hay camas.", "", ("nada", "", "algo"))})
    asked = replace(OURS, areas=(replace(WATER, asks="Who has some?", questions=(half, asking("own-none"))),))
    read = asked.in_language("es").to_json()
    assert QuestionSet.from_json(read).to_json() == read
    round_ = make_round(questions=asked.to_json())
    coordinator.set_cookie("language", "es")
    make_affiliation(coordinator.membership)
    coordinator.send(f"{HERE}rounds/{round_.id}/start")
    marked = {}
    for key in (half.key, "own-none"):
        page = coordinator.page(f"{HERE}rounds/{round_.id}/questions/{key}")
        marked[key] = page.texts("#assessment-question [lang=en]")
    assert marked[half.key] == [BEDS.levels[1], *BEDS.levels[3:]]
    assert len(marked["own-none"]) == 1 + len(BEDS.levels)
    paper = coordinator.page(f"{HERE}rounds/{round_.id}/paper?lang=es")
    assert len(paper.all(".paper-question [lang=en]")) == 3 + 1 + len(BEDS.levels)
    assert paper.texts(".paper-area > [lang=en]") == [f"1 {WATER.name}", "Who has some?"]
    areas = coordinator.page(f"{HERE}rounds/{round_.id}/")
    assert areas.texts("#assessment-areas [lang=en]") == [WATER.name, "Who has some?"]
    whole = coordinator.page(f"{HERE}rounds/{round_.id}/areas/{WATER.key}")
    assert whole.texts("h1[lang=en], .lead [lang=en]") == [WATER.name, "Who has some?"]


def test_the_coordinator_reads_what_has_no_text_yet(coordinator: EngageClient) -> None:
    done = replace(asking("own-done"), title="Done", texts={"es": SPANISH})
    set_ = own_set(done, *(replace(asking(f"own-{at}"), title=f"Title {at}") for at in range(6)))
    page = coordinator.page(f"{SETS}{set_.id}/")
    assert page.text("#assessment-set-summary").count("7 questions have no full text in Spanish") == 1
    assert "Title 5" in page.texts("#assessment-set-summary li")
    assert "Done" not in page.texts("#assessment-set-summary li")
    titles = "; ".join([BEDS.title, "Title 0", "Title 1", "Title 2", "Title 3"])
    says = f"7 questions have no full text in Spanish: {titles}; …."
    assert coordinator.page(f"{HERE}rounds/new").has(says)


def test_a_set_in_one_language_lacks_nothing(coordinator: EngageClient) -> None:
    set_ = own_set()
    assert not coordinator.page(f"{SETS}{set_.id}/").has("full text in")
    assert not coordinator.page(f"{HERE}rounds/new").has("full text in")


# -- the file


def test_a_file_may_hold_some_of_the_texts_and_reads_back() -> None:
    half = replace(BEDS, texts={"es": QuestionWording(statement="Hay camas.")})
    area = replace(WATER, questions=(half,), texts={"es": AreaWording(asks="¿Hay agua?")})
    draft = SetDraft(QuestionSet("en", OURS.scale, (area,)))
    assert files.read(files.write("Ours", draft), OURS).draft == draft


def test_other_answers_than_in_the_first_language_are_refused_at_their_line() -> None:
    text = """\
areas:
- key: own-water
  name: Water
  questions:
  - key: own-day
    title: Day
    statement: Which day?
    answers: one
    options: [Monday, Tuesday]
    es:
      options: [lunes]
"""
    with pytest.raises(ContentError) as refusal:
        files.read(text, OURS)
    assert refusal.value.line == 11


# -- what comes with Engage


IN_ENGAGE = content("es")


def test_engages_own_statements_are_read_in_each_language_of_engage() -> None:
    first = OURS.areas[0].questions[0]
    stored = replace(OURS, areas=(replace(OURS.areas[0], questions=(first, BEDS)),))
    mixed = in_all_languages(stored)
    assert (stored.languages, mixed.languages) == (("en",), ("en", "es"))
    read = mixed.in_language("es")
    assert (read.language, read.scale[0], read.areas[0].name) == (
        "es",
        IN_ENGAGE.scale.levels[0].label,
        IN_ENGAGE.areas[0].name,
    )
    assert read.areas[0].questions[0].title == IN_ENGAGE.indicator(first.key).title
    assert read.areas[0].questions[1] == replace(BEDS, first="en")
    assert mixed.lacking("es") == (BEDS,)
    reworded = replace(first, statement="Clearer.")
    own = in_all_languages(replace(OURS, areas=(replace(WATER, questions=(reworded, BEDS)),)))
    assert own.languages == ("en",)
    assert QuestionSet.from_json(mixed.to_json()) == mixed


def test_the_pages_of_a_round_share_its_questions_in_a_language() -> None:
    stored = OURS.to_json()
    assert as_read(stored) == OURS
    once, again = (translated(QuestionSet.from_json(stored), "es") for _page in range(2))
    assert once is again
    assert once.language == "es"
    reworded = replace(OURS, areas=(replace(OURS.areas[0], asks="Clearer?"), *OURS.areas[1:]))
    assert translated(reworded, "es").areas[0].asks == "Clearer?"


def test_a_round_keeps_the_texts_of_every_language_as_they_were(coordinator: EngageClient) -> None:
    coordinator.send(f"{HERE}rounds/new", **ROUND, questions="0")
    kept = QuestionSet.from_json(db.session.scalars(sa.select(Round)).one().questions)
    assert kept.areas[0].questions[0].texts["es"].title == IN_ENGAGE.indicators[0].title
    assert kept.areas[0].texts["es"].name == IN_ENGAGE.areas[0].name
    assert frozen(content(), "en") == OURS  # and a set of one's own holds none of them


def test_the_form_says_that_engage_has_the_texts_already(coordinator: EngageClient) -> None:
    set_ = make_draft_set(
        SetDraft(replace(OURS, areas=(replace(OURS.areas[0], questions=(OURS.areas[0].questions[0], BEDS)),)))
    )
    says = "As long as the words above are Engage's own"
    assert coordinator.page(f"{SETS}{set_.id}/questions/{OURS.areas[0].questions[0].key}").has(says)
    assert not coordinator.page(f"{SETS}{set_.id}/questions/{BEDS.key}").has(says)
