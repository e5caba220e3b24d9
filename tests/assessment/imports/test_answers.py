"""Answers from the files of three makers: every page of the way, and what is stored."""

import base64
import csv
import io
import zlib
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.assessment.models import Answer, AnswersImport, Guest, Response, Round, StoredRelease
from engage.assessment.rules import AnswerKind, BroughtIn
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.undo_imports import saving
from engage.extensions import db
from tests.assessment import options
from tests.assessment.imports.files import (
    ASKED,
    WORDS,
    WORDS_ES,
    as_csv,
    as_workbook,
    google,
    microsoft,
    survey_monkey,
)
from tests.assessment.imports.steps import (
    IMPORT,
    TOLD,
    bring_in,
    choose,
    only_round,
    press,
    preview,
    stored,
    tags,
)
from tests.client import EngageClient
from tests.factories import make_closed_round, make_round
from tests.html import Page
from tests.partners.steps import sent

HERE = "/c/riverbend/assessment/"


def carried(page: Page) -> str:
    return zlib.decompress(base64.urlsafe_b64decode(sent(page)["carried"])).decode()


def ratings(
    table: list[list[str]], first: int, count: int, words: tuple[str, ...] = WORDS
) -> list[tuple[str, ...]]:
    """Returns what a file says, in the order of the statements' keys, without the sector."""
    order = sorted(range(count), key=lambda at: ASKED[at].key)
    return sorted(tuple(str(words.index(row[first + at])) for at in order) for row in table)


def said_without_sector() -> list[tuple[str, ...]]:
    return sorted(row[1:] for row in stored())


# -- the three makers


@pytest.mark.parametrize("as_file", [as_csv, as_workbook])
def test_a_google_form_becomes_a_closed_round(coordinator: EngageClient, as_file: Any) -> None:
    table = google(60)
    page = choose(coordinator, as_file(table))
    assert page.status == 200
    assert page.value("column_0") == "row_time"
    assert page.value("column_2") == "sector"
    assert [page.value(f"column_{3 + at}") for at in range(6)] == [each.key for each in ASKED[:6]]
    answer = press(coordinator, press(coordinator, page, **TOLD))
    assert answer.status == 303
    round_ = only_round()
    assert round_.title == "Community survey 2025 (from a file)"
    assert (round_.brought_in, round_.is_open, round_.closes_on and round_.closes_on.isoformat()) == (
        BroughtIn.ALL,
        False,
        "2025-10-28",
    )
    assert said_without_sector() == ratings(table[1:], 3, 6)
    sectors = {
        "Health care and public health": "health",
        "Faith-based": "faith",
        "Schools (K-12)": "schools",
    }
    assert sorted(row[0] for row in stored()) == sorted(sectors[row[2]] for row in table[1:])
    number = db.session.scalar(sa.select(AuditEntry.number).where(AuditEntry.event == AuditEvent.IMPORTED))
    assert number == 60
    results = coordinator.page(answer.location)
    assert results.has("What 60 of us said")
    assert results.has("60 people’s answers are brought in.")
    assert results.has("All answers were brought in from a file: people gave them in a survey elsewhere.")
    assert not results.has("all through the open link")


def test_a_survey_monkey_file_has_two_rows_of_names(coordinator: EngageClient) -> None:
    table = survey_monkey(30)
    page = choose(coordinator, as_csv(table))
    assert [page.value(f"column_{9 + at}") for at in range(4)] == [each.key for each in ASKED[:4]]
    assert (page.value("column_0"), page.value("column_2")) == ("row_id", "row_time")
    assert press(coordinator, press(coordinator, page, **TOLD)).status == 303
    assert said_without_sector() == ratings(table[2:], 9, 4)


def test_a_microsoft_form_says_what_its_numbers_mean(coordinator: EngageClient) -> None:
    table = microsoft(30)
    page = choose(coordinator, as_workbook(table))
    assert page.value("column_1") == "row_time"
    refused = press(coordinator, page, **TOLD)
    assert refused.status == 422
    assert refused.has("Say what the numbers mean, and which end is best.")
    assert press(coordinator, press(coordinator, refused, scale_to_5="1-5", **TOLD)).status == 303
    assert said_without_sector() == ratings(table[1:], 5, 4, tuple("12345"))


def test_numbers_turned_round_are_read_as_the_coordinator_says(coordinator: EngageClient) -> None:
    table = microsoft(30)
    assert bring_in(coordinator, as_csv(table), scale_to_5="5-1").status == 303
    assert said_without_sector() == ratings(table[1:], 5, 4, tuple("54321"))


def test_a_statement_can_be_turned_round_alone(coordinator: EngageClient) -> None:
    table = google(12, statements=1)
    assert bring_in(coordinator, as_csv(table), turned=ASKED[0].key).status == 303
    assert said_without_sector() == ratings(table[1:], 3, 1, WORDS[::-1])


def test_statements_in_spanish_and_words_of_both_languages_are_known(coordinator: EngageClient) -> None:
    from engage.content.loader import content

    spanish = [content("es").indicator(each.key).title for each in ASKED[:4]]
    table = [[*google(0, statements=4)[0][:3], *spanish, "?"], *google(10, statements=4)[1:]]
    table += [
        [f"11/{at}/2025 9:00:00", *row[1:]]
        for at, row in enumerate(google(10, statements=4, words=WORDS_ES)[1:], 1)
    ]
    page = choose(coordinator, as_csv(table))
    assert [page.value(f"column_{3 + at}") for at in range(4)] == [each.key for each in ASKED[:4]]
    assert press(coordinator, press(coordinator, page, **TOLD)).status == 303
    expected = ratings(table[1:11], 3, 4) + ratings(table[11:], 3, 4, WORDS_ES)
    assert said_without_sector() == sorted(expected)


def test_statements_may_stand_in_another_order_and_only_some_of_them(coordinator: EngageClient) -> None:
    table = [[*row[:3], *row[3:9][::-1]] for row in google(20)]
    bring_in(coordinator, as_csv(table))
    assert said_without_sector() == ratings(google(20)[1:], 3, 6)
    asked = [each["key"] for area in only_round().questions["areas"] for each in area["questions"]]
    assert asked == [each.key for each in ASKED[:6]]


def test_descriptions_of_levels_are_known_words(coordinator: EngageClient) -> None:
    first = ASKED[0]
    rows = [[f"10/{1 + n}/2025 9:00:00", first.levels[n % 5]] for n in range(15)]
    page = choose(coordinator, as_csv([["Timestamp", first.statement], *rows]))
    assert not page.all("#imports-words")
    press(coordinator, press(coordinator, page, **TOLD))
    assert said_without_sector() == sorted((str(n % 5),) for n in range(15))


# -- what is never read, and what is left out


def test_what_may_not_be_read_is_on_no_page_and_in_no_table(coordinator: EngageClient) -> None:
    table = survey_monkey(30)
    page = choose(coordinator, as_csv(table))
    secret = ["203.0.113.", "First1", "Last1", "thought number", "4200001"]
    assert page.has("Not read, and not kept: Collector ID; Date Modified; IP Address")
    for shown in (page, press(coordinator, page, **TOLD)):
        assert not any(each in shown.response.text or each in carried(shown) for each in secret)


def test_only_chosen_columns_go_on_to_the_preview(coordinator: EngageClient) -> None:
    shown = preview(coordinator, as_csv(google(20)), column_2="")
    assert "Faith-based" not in carried(shown)
    assert WORDS[0] in carried(shown)
    at = shown.one("button[formaction]").attributes["formaction"]
    back = press(coordinator, shown, at=at, do="columns")
    assert back.status == 200
    assert back.value("column_3") == ASKED[0].key


def test_comments_come_in_only_when_they_are_chosen_and_confirmed(coordinator: EngageClient) -> None:
    table = [[*row[:4], row[-1]] for row in google(14, statements=1)]
    table[0][4], table[1][4] = "Why?", "Call me at 614-867-5309 about case 24-CR-01234."
    page = choose(coordinator, as_csv(table), texts="y")
    chosen = {"column_4": "note", **TOLD}
    refused = press(coordinator, page, **chosen)
    assert refused.has("Check this box, or leave out the columns of comments.")
    shown = press(coordinator, refused, texts_told="y", **chosen)
    assert shown.has("Wording to check")
    assert press(coordinator, shown).status == 422
    texts = shown.one("input[name=texts]").attributes["value"]
    assert press(coordinator, shown, texts=texts).status == 303
    notes = list(db.session.scalars(sa.select(Answer.note)))
    assert sorted(notes) == sorted(row[4] for row in table[1:])


def test_without_that_choice_comments_never_reach_a_page(coordinator: EngageClient) -> None:
    page = choose(coordinator, as_csv(google(20)))
    assert "Elm Street" not in page.response.text + carried(page)


def test_a_word_that_is_not_certain_is_asked_about(coordinator: EngageClient) -> None:
    table = google(20)
    table[3][4] = "Purple"
    page = choose(coordinator, as_csv(table))
    refused = press(coordinator, page, **TOLD)
    assert refused.has("Say what “Purple” means here.")
    name = next(key for key, said in sent(page).items() if key.startswith("meant_scale") and not said)
    assert press(coordinator, press(coordinator, refused, **{name: "-"}, **TOLD)).status == 303
    answers = db.session.scalar(sa.select(sa.func.count(Answer.id)))
    assert answers == 20 * 6 - 1


def test_a_row_without_answers_is_left_out_and_named(coordinator: EngageClient) -> None:
    table = google(20)
    table[5][3:9] = [""] * 6
    shown = preview(coordinator, as_csv(table))
    assert tags(shown)["6"] == "wrong"
    assert shown.has("No statement is answered in this row.")
    assert press(coordinator, shown).status == 422
    answer = press(coordinator, shown, leave_wrong="y")
    assert coordinator.page(answer.location).has("19 people’s answers are brought in. 1 row was left out.")


def test_the_page_never_shows_what_one_person_answered(coordinator: EngageClient) -> None:
    shown = preview(coordinator, as_csv(google(20)))
    text = shown.text("main")
    assert not any(word in text for word in WORDS)
    assert "6 of 6 answered" in text


def test_it_is_confirmed_that_people_were_told(coordinator: EngageClient) -> None:
    refused = press(coordinator, choose(coordinator, as_csv(google(12))))
    assert refused.status == 422
    assert refused.has("Only bring in answers from people who knew that results would be shared.")
    # nor can the last step be sent without it
    shown = preview(coordinator, as_csv(google(12)))
    assert press(coordinator, shown, was_told="").status == 422
    assert db.session.scalar(sa.select(sa.func.count(Round.id))) == 0


# -- each once


def test_an_edited_answer_replaces_the_earlier_one(coordinator: EngageClient) -> None:
    table = survey_monkey(15)
    edited = [*table[2][:9], *[WORDS[4]] * 4, *table[2][13:]]
    shown = preview(coordinator, as_csv([*table, edited]))
    assert tags(shown)["3"] == "already here"
    assert shown.has("Row 18 has the edited answers")
    press(coordinator, shown)
    assert said_without_sector() == ratings([*table[3:], edited], 9, 4)


def test_the_same_id_at_another_time_is_left_out_with_its_reason(coordinator: EngageClient) -> None:
    table = microsoft(15)
    other = ["1", "11/30/25 8:00:00", *table[2][2:]]
    shown = preview(coordinator, as_csv([*table, other]), scale_to_5="1-5")
    assert {tags(shown)["2"], tags(shown)["17"]} == {"wrong"}
    assert shown.has("Row 17 has the same ID at another time.")


@pytest.mark.parametrize("again", [as_csv, as_workbook])
def test_the_same_file_counts_once(coordinator: EngageClient, again: Any) -> None:
    assert bring_in(coordinator, as_csv(google(20))).status == 303
    shown = preview(coordinator, again(google(20)))
    assert set(tags(shown).values()) == {"already here"}
    assert shown.has("There is nothing to import.")
    more = preview(coordinator, again(google(25)))
    assert sorted(tags(more).values()) == ["already here"] * 20 + ["new"] * 5


def test_names_and_words_are_remembered_for_the_next_file(coordinator: EngageClient) -> None:
    table = [[*row[:4]] for row in google(15, statements=1)]
    table[0][3] = "Quelle est la situation?"
    table[4][3] = "Purple"
    first = choose(coordinator, as_csv(table))
    assert first.value("column_3") == ""
    name = {"column_3": ASKED[0].key}
    asked = press(coordinator, first, **name, **TOLD)
    purple = next(key for key, said in sent(asked).items() if key.startswith("meant_scale") and not said)
    assert press(coordinator, press(coordinator, asked, **{purple: "1"}, **TOLD)).status == 303
    found = db.session.scalars(sa.select(AnswersImport)).one()
    assert "Purple" not in repr(found.words) + repr(found.columns)
    later = [[f"12/{at}/2025 9:00:00", *row[1:]] for at, row in enumerate(table[1:], 1)]
    page = choose(coordinator, as_csv([table[0], *later]))
    assert page.value("column_3") == ASKED[0].key
    assert page.value(purple) == "1"


# -- an open round


def open_round() -> Round:
    from engage.assessment.rules import Asked

    return make_round(asked=Asked.ANYONE, title="What residents see")


def test_answers_can_be_added_to_an_open_round(coordinator: EngageClient) -> None:
    round_ = open_round()
    answer = bring_in(coordinator, as_csv(google(20)), into=str(round_.id))
    assert (answer.status, answer.location) == (303, f"{HERE}rounds/{round_.id}/doors/")
    assert only_round().brought_in is BroughtIn.SOME
    assert db.session.scalar(sa.select(sa.func.count(Guest.id))) == 20
    again = preview(coordinator, as_csv(google(22)), into=str(round_.id))
    assert sorted(tags(again).values()) == ["changes"] * 20 + ["new"] * 2
    press(coordinator, again)
    assert said_without_sector() == ratings(google(22)[1:], 3, 6)
    assert coordinator.send(f"{HERE}rounds/{round_.id}/close", losing="99").status == 303
    results = coordinator.page(f"{HERE}rounds/{round_.id}/results/")
    assert results.has("What 22 of us said")
    assert results.has("Some of these answers were brought in from a file.")


def test_yes_and_no_and_several_options_in_a_cell_are_read(coordinator: EngageClient) -> None:
    round_ = open_round()
    round_.questions = options.MIXED.to_json()
    db.session.commit()
    said = {
        "Yes": (AnswerKind.CHOICE, 1),
        "no": (AnswerKind.CHOICE, 2),
        "Sí": (AnswerKind.CHOICE, 1),
        "No sé": (AnswerKind.DONT_KNOW, None),
    }
    cells = [(word, ("Talks, Stories", "Talks;Stories;")[at % 2]) for at, word in enumerate(said)]
    head = ["Timestamp", options.YES_NO.statement, options.SEVERAL.statement]
    table = [head, *([f"10/{at}/2025 9:00:00", *each] for at, each in enumerate(cells, 1))]
    answer = bring_in(coordinator, as_csv(table), {"questions": "open"}, into=str(round_.id))
    assert answer.status == 303, answer.errors
    rows = sa.select(Answer.kind, Answer.chosen).order_by(Answer.response_id)
    found = db.session.execute(rows.where(Answer.indicator == options.WEBSITE)).all()
    assert [tuple(each) for each in found] == list(said.values())
    several = db.session.scalars(sa.select(Answer.chosen).where(Answer.indicator == options.HELPED)).all()
    assert several == [0b101] * 4


def test_a_statement_that_the_open_round_does_not_ask_is_refused(coordinator: EngageClient) -> None:
    round_ = open_round()
    round_.questions = {**round_.questions, "areas": round_.questions["areas"][1:]}
    db.session.commit()
    refused = preview(coordinator, as_csv(google(12)), {"questions": "0"}, into=str(round_.id))
    assert refused.status == 422
    assert refused.has("“What residents see” does not ask this. Leave the column out.")


def test_a_round_closed_in_the_meantime_loses_nothing(coordinator: EngageClient) -> None:
    round_ = open_round()
    shown = preview(coordinator, as_csv(google(20)), into=str(round_.id))
    coordinator.send(f"{HERE}rounds/{round_.id}/close", losing="99")
    refused = press(coordinator, shown)
    assert refused.status == 422
    assert refused.has("That round was closed in the meantime. Nothing was saved; choose again.")
    assert refused.value("column_3") == ASKED[0].key
    assert press(coordinator, press(coordinator, refused, into="own", **TOLD)).status == 303
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 20


def test_a_round_closed_during_the_save_takes_nothing_in(
    coordinator: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = preview(coordinator, as_csv(google(20)), into=str(open_round().id))
    before = saving.write_from_here

    def first_somebody_closes_it() -> None:
        before()
        monkeypatch.setattr(saving, "write_from_here", before)
        with db.engine.begin() as connection:
            connection.execute(sa.update(Round.__table__).values(closed_at=clock.now()))

    monkeypatch.setattr(saving, "write_from_here", first_somebody_closes_it)
    refused = press(coordinator, shown)
    assert (refused.status, refused.has("That round was closed in the meantime.")) == (422, True)
    assert db.session.scalar(sa.select(sa.func.count(Response.id))) == 0


# -- what is shown


def test_a_survey_of_four_stays_below_the_floor(coordinator: EngageClient) -> None:
    answer = bring_in(coordinator, as_csv(google(4)))
    page = coordinator.page(answer.location)
    assert page.has("Too few answers to show anything")
    assert db.session.scalars(sa.select(StoredRelease)).one().respondents == 0


def test_answers_from_a_file_are_compared_where_statements_are_the_same(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    make_closed_round([("health", {ASKED[0].key: 3, ASKED[1].key: 2})] * 5)
    rounds = db.session.scalars(sa.select(Round).order_by(Round.id)).all()
    page = coordinator.page(f"{HERE}compare?before={rounds[0].id}&after={rounds[1].id}")
    assert page.has("Community survey 2025 (from a file)")
    assert page.has(ASKED[0].title)


def test_the_mark_stands_wherever_the_numbers_stand(coordinator: EngageClient) -> None:
    answer = bring_in(coordinator, as_csv(google(20)))
    round_ = only_round()
    assert coordinator.page(HERE).has("Its answers were brought in from a file.")
    for path in ("results/", "agreement/", "edit"):
        assert "from a file" in coordinator.page(f"{HERE}rounds/{round_.id}/{path}").response.text
    head = coordinator.get(f"{answer.location.removesuffix('/')}.csv").headers["Content-Disposition"]
    assert "from" in head
    coordinator.send(f"{HERE}rounds/{round_.id}/edit", title="Renamed", version="1")
    assert only_round().title == "Renamed (from a file)"


def test_a_round_from_a_file_is_not_reopened(coordinator: EngageClient) -> None:
    bring_in(coordinator, as_csv(google(20)))
    at = f"{HERE}rounds/{only_round().id}/"
    assert not coordinator.page(f"{at}results/").all("a[href$=reopen]")
    answer = coordinator.send(f"{at}reopen", reason="More came", closes_on="2026-12-20")
    assert answer.status == 409


def test_a_member_cannot_bring_in_answers(member: EngageClient) -> None:
    assert member.get(IMPORT).status_code in {403, 404}
    assert "import" not in member.page(HERE).response.text


def test_a_results_file_never_has_a_row_per_person(coordinator: EngageClient) -> None:
    answer = bring_in(coordinator, as_csv(google(20)))
    text = coordinator.get(f"{answer.location.removesuffix('/')}.csv").text
    assert len(list(csv.reader(io.StringIO(text)))) < 20
