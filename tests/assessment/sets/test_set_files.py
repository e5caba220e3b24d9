"""Question files: what is read, what is refused and on which line, and that a written file reads back."""

import pytest
import yaml
from msgspec.structs import replace

from engage.assessment.questions import AreaWording, Question, QuestionArea, QuestionWording, frozen
from engage.assessment.sets import files
from engage.assessment.sets.files import LONGEST_TEXT, Loaded, fits, read, write
from engage.assessment.sets.routes import example
from engage.assessment.sets.rules import MOST_AREAS, MOST_QUESTIONS, SetDraft
from engage.config import ROOT
from engage.content import nodes
from engage.content.loader import content
from engage.content.nodes import ContentError
from engage.limits import DEEPEST, MOST_NODES, MOST_QUESTION_BYTES
from tests.assessment.test_questions import asking

OURS = frozen(content(), "en")
SMALL = """\
format: 1
title: Our county
areas:
- key: prevention
  questions:
  - key: lessons
    meaning: 2
    title: Lessons
    statement: Children get lessons.
    why: Because.
    ask: [teachers]
    levels: [None, Few, Some, Most, All]
- key: own-water
  name: The waterfront
  asks: Who works there?
  questions:
  - key: dock
    hidden: true
    title: Dock
    statement: Workers know their rights.
    levels: [None, Few, Some, Most, All]
    es:
      title: Muelle
      statement: Saben sus derechos.
      levels: [Nada, Poco, Algo, Casi, Todo]
"""


def refused(text: str) -> ContentError:
    with pytest.raises(ContentError) as refusal:
        read(text, OURS)
    return refusal.value


def test_a_small_file_is_read_with_everything_in_its_place() -> None:
    loaded = read(SMALL, OURS)
    assert loaded.title == "Our county"
    prevention, water = loaded.draft.questions.areas
    ours = OURS.area("prevention")
    assert ours is not None
    assert (prevention.name, prevention.short, prevention.asks) == (ours.name, ours.short, ours.asks)
    lessons = prevention.questions[0]
    assert (lessons.key, lessons.meaning, lessons.title) == ("lessons", 2, "Lessons")
    assert (lessons.statement, lessons.why, lessons.ask) == (
        "Children get lessons.",
        "Because.",
        ("teachers",),
    )
    assert lessons.levels == ("None", "Few", "Some", "Most", "All")
    assert (water.name, water.short, water.asks) == (
        "The waterfront",
        "The waterfront",
        "Who works there?",
    )
    dock = water.questions[0]
    assert (dock.meaning, dock.why, dock.ask) == (1, "", ())
    assert dock.texts["es"].levels == ("Nada", "Poco", "Algo", "Casi", "Todo")
    assert loaded.draft.hidden == {"dock"}
    assert (loaded.draft.questions.language, loaded.draft.questions.scale) == ("en", OURS.scale)


def test_a_written_file_reads_back_as_the_same_set() -> None:
    odd = replace(
        asking("own-odd"),
        title="no: & * # 'quotes' \"and\" é 水",
        statement="12",
        why="",
        texts={"es": QuestionWording("Sí", "Hay: 5", "", ("a", "a", "a", "a", "a"))},
        levels=("yes", "2026-01-01", "null", "- dash", "word " * 90 + "end"),
    )
    spanish = {"es": AreaWording("Agua", "Agua", "¿Qué?")}
    own = QuestionArea("own-water", "A name that is far too long for a table", "Water", "", (odd,), spanish)
    draft = SetDraft(OURS).put_area(own).hide(["public-understanding"]).move_area("own-water", -3)
    draft = replace(draft, edits={})
    assert read(write("Ours: 1", draft), OURS) == Loaded("Ours: 1", draft)


def test_the_example_on_the_page_is_a_good_file() -> None:
    assert [area.name for area in read(example(), OURS).draft.questions.areas] == [
        "Prevention",
        "The waterfront",
    ]


def test_the_example_in_the_documentation_is_a_good_file() -> None:
    text = (ROOT / "docs" / "content.md").read_text(encoding="utf-8")
    loaded = read(text.split("```yaml\n")[1].split("```")[0], OURS)
    assert loaded.draft.questions.languages == ("en", "es")
    assert loaded.draft.hidden == {"lessons-in-camps"}


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ("key: dock", "key: lessons", 17, 'the question key "lessons" is used on line 6 too'),
        ("key: own-water", "key: prevention", 13, 'the focus area key "prevention" is used on line 4 too'),
        ("[None, Few, Some, Most, All]\n- key", "[None, Few, Most, All]\n- key", 12, "found 4"),
        ("    levels: [None, Few, Some, Most, All]\n- key", "- key", 6, '"levels" is missing'),
        ("    statement: Children get lessons.\n", "", 6, '"statement" is missing'),
        ("statement: Children", "statement: &a Children", 9, "anchors (&) and aliases (*)"),
        ("why: Because.", "why: *a", 10, "anchors (&) and aliases (*)"),
        ("why: Because.", "why: !!python/name:os.system x", 10, "expected text"),
        ("why: Because.", "<<: {why: Because}", 10, 'unknown field "<<"'),
        ("why: Because.", "why: [Because", 11, "correct the YAML"),
        ("why: Because.", "why: 12", 10, "expected text"),
        ("why: Because.", "why: ''", 10, "this text is empty"),
        ("why: Because.", 'why: "\\u200b \\xa0"', 10, "this text is empty"),
        ("why: Because.", 'why: "Because \\ud800"', 10, "control character (U+D800)"),
        ("why: Because.", "why: 'Tabs\there'", 10, "control character (U+0009)"),
        ("    why: Because.", "\twhy: Because.", 10, "found character '\\t'"),
        ("why: Because.", f"why: {'x' * 501}", 10, "501 characters; shorten it to 500"),
        ("title: Lessons", f"title: {'x' * 121}", 8, "shorten it to 120"),
        ("title: Our county", f"title: {'x' * 121}", 2, "shorten it to 120"),
        ("meaning: 2", "meaning: 0", 7, "too small"),
        ("meaning: 2", "meaning: 1.5", 7, "expected a whole number"),
        ("[teachers]", "[teacher]", 11, '"teacher" is not a known discipline'),
        ("[teachers]", "[teachers, teachers]", 11, "is used on line 11 too"),
        ("hidden: true", "hidden: yes", 18, "expected true or false"),
        ("  name: The waterfront\n", "", 13, '"name" is missing'),
        ("The waterfront", "The waterfront of our city", 14, "too long for tables"),
        ("format: 1", "format: 2", 1, "this version reads format 1"),
        ("areas:", "area:", 3, 'unknown field "area"'),
        ("      title: Muelle\n", "      titel: Muelle\n", 23, 'unknown field "titel"'),
        ("[Nada, Poco, Algo, Casi, Todo]", "[Nada, Poco]", 25, "found 2"),
        ("    es:", "    fr:", 22, 'unknown field "fr"'),
        ("key: dock", "key: a dock", 17, '"a dock" is not a key'),
    ],
)
def test_a_refusal_names_the_line(old: str, new: str, line: int, says: str) -> None:
    assert SMALL.count(old) == 1
    error = refused(SMALL.replace(old, new))
    assert (error.line, says in error.problem) == (line, True), error


def many(questions: int, areas: int = 1) -> str:
    words = "title: T, statement: S, levels: [a, b, c, d, e]"
    lines = ["areas:"]
    for area in range(areas):
        lines += [f"- key: area-{area}", "  name: N", "  questions:"]
        lines += [f"  - {{key: q{area}-{number}, {words}}}" for number in range(questions)]
    return "\n".join(lines)


def test_500_questions_are_read_and_one_more_is_refused_at_its_line() -> None:
    assert len(read(many(MOST_QUESTIONS), OURS).draft.keys) == MOST_QUESTIONS
    error = refused(many(MOST_QUESTIONS + 1))
    assert (error.line, error.problem) == (505, "this is question 501; a set holds at most 500")


def test_30_areas_are_read_and_one_more_is_refused() -> None:
    assert len(read(many(1, MOST_AREAS), OURS).draft.questions.areas) == MOST_AREAS
    assert "at most 30 focus areas" in refused(many(1, MOST_AREAS + 1)).problem


def filled(**texts: object) -> SetDraft:
    """Returns a draft of 500 questions like ours, each with these texts in place of its own."""
    ours = [question for area in OURS.areas for question in area.questions]

    def one(number: int) -> Question:
        return replace(ours[number % len(ours)], key=f"q-{number}", **texts)

    area = QuestionArea("own-area", "Our area", "Our area", "", tuple(map(one, range(MOST_QUESTIONS))))
    return SetDraft(replace(OURS, areas=(area,)))


def test_500_questions_like_ours_are_written_and_loaded_again() -> None:
    draft = filled()
    assert fits(draft)
    written = write("T", draft)
    assert len(written.encode()) <= MOST_QUESTION_BYTES
    assert read(written, OURS).draft.questions == draft.questions


def test_a_set_whose_file_could_not_be_loaded_again_does_not_fit() -> None:
    assert not fits(filled(why="w" * LONGEST_TEXT, statement="s" * LONGEST_TEXT))


@pytest.mark.parametrize(
    "text", ["word " * 100, "'" * 500, "\u200b\u00a0" * 250, "\U0001f600" * 500, ': #"\\' * 125, "7"]
)
def test_a_file_is_never_three_times_as_long_as_what_is_kept(text: str) -> None:
    """So that `fits` need not write most sets out."""
    draft = filled(title=text[:120], statement=text, why=text, levels=(text,) * 5)
    few = replace(draft.questions.areas[0], questions=draft.questions.areas[0].questions[:5])
    few_of_them = SetDraft(replace(OURS, areas=(few,)))
    assert len(write("T", few_of_them).encode()) <= 3 * len(files._json(few_of_them))


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "empty"),
        ("# nothing\n", "empty"),
        ("just words", "expected fields"),
        ("[" * 5000, "nested too deeply"),
        ("areas: \0", "control character"),
        ("--- \na: 1\n--- \nb: 2\n", "single document"),
    ],
)
def test_what_is_no_question_file_is_refused_in_words(text: str, says: str) -> None:
    assert says in refused(text).problem


@pytest.mark.parametrize(
    ("text", "says", "most"),
    [
        ("areas: [" + "a," * (MOST_NODES * 2) + "]", "more than 13,000 texts and lists", MOST_NODES + 10),
        ("- " * 5000, "nested too deeply", DEEPEST + 10),
        ("{" * 5000, "nested too deeply", DEEPEST + 10),
    ],
    ids=["many", "deep", "braces"],
)
def test_a_file_that_never_ends_is_refused_where_no_honest_one_goes_on(
    monkeypatch: pytest.MonkeyPatch, text: str, says: str, most: int
) -> None:
    seen = 0

    def get_event(loader: yaml.SafeLoader) -> yaml.Event:
        nonlocal seen
        seen += 1
        return yaml.SafeLoader.get_event(loader)

    monkeypatch.setattr(nodes._Loader, "get_event", get_event, raising=False)
    assert says in refused(text).problem
    assert seen <= most
