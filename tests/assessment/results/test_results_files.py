"""The results as a file: it holds what the pages show to the same person, and nothing more."""

import csv
from io import StringIO

from engage.assessment.questions import frozen
from engage.content.loader import content
from tests.assessment.results.test_results import (
    AREAS,
    HERE,
    IN_FIRST,
    KEYS,
    everywhere,
    table_of,
    three_by_two,
)
from tests.client import EngageClient
from tests.factories import make_closed_round, make_coalition, make_round

AGREEMENT_HEAD = "How much we agree"


def file_of(client: EngageClient, round_id: int) -> list[list[str]]:
    answer = client.get(f"{HERE}rounds/{round_id}/results.csv")
    assert answer.status_code == 200
    assert answer.headers["Content-Disposition"] == "attachment; filename=community-assessment-2026.csv"
    return list(csv.reader(StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def shown_cells(cells: list[str]) -> list[str]:
    """Returns the page's cells as the file writes them: the number of a cell, nothing for one not shown."""
    return ["" if cell == "– not shown" else cell.split()[0] for cell in cells]


def test_the_file_holds_the_page_s_table(viewer: EngageClient) -> None:
    unsure = everywhere(2, **dict.fromkeys(IN_FIRST, "dont_know"))
    round_ = make_closed_round([*three_by_two(), *[("faith", unsure)] * 3])
    heads, rows = table_of(viewer.page(f"{HERE}rounds/{round_.id}/results/"))
    head, *lines = file_of(viewer, round_.id)
    assert head == [*heads[:2], "Band", *heads[2:]]
    assert [line[0] for line in lines] == list(rows)
    for name, number, word, *groups in lines:
        assert [number, *groups] == shown_cells(rows[name])
        assert word == ("" if not number else rows[name][0].split()[1])
    assert any("" in line for line in lines)


def test_without_groups_the_file_says_how_far_people_agree(viewer: EngageClient) -> None:
    round_ = make_closed_round(
        [("health", everywhere(1)), ("faith", everywhere(2)), ("justice", everywhere(3))]
    )
    head, first, *_others = file_of(viewer, round_.id)
    assert head == ["Focus area", "All (3)", "Band", AGREEMENT_HEAD]
    assert first == [AREAS[0].short, "2.0", "growing", f"0 of {len(IN_FIRST)} close together"]


def test_a_members_file_also_holds_what_the_areas_pages_show(member: EngageClient) -> None:
    unsure = everywhere(1, **{IN_FIRST[0]: "dont_know"})
    round_ = make_closed_round([*[("health", unsure)] * 3, *[("schools", everywhere(3))] * 4])
    head, *lines = file_of(member, round_.id)
    by_title = {line[1]: dict(zip(head, line, strict=True)) for line in lines if line[1]}
    assert len(by_title) == len(KEYS)
    for area in AREAS:
        page = member.page(f"{HERE}rounds/{round_.id}/results/{area.key}")
        heads, rows = table_of(page, "#assessment-groups") if page.all("#assessment-groups") else ([], {})
        for each in content().indicators_in(area.key):
            line = by_title[each.title]
            assert line["Focus area"] == area.short
            for title, cell in zip(heads[1:], rows.get(each.title, []), strict=bool(rows)):
                assert [line[title]] == shown_cells([cell])
            counts = [line[level] for level in head if level[0].isdigit()]
            assert [*counts, *[line["Don't know"]] * bool(line["Don't know"])] == page.texts(
                f"#{each.key} .spread-count"
            )


def test_a_viewers_file_holds_no_statement(viewer: EngageClient) -> None:
    round_ = make_closed_round(three_by_two())
    lines = file_of(viewer, round_.id)
    assert len(lines) == 1 + len(AREAS)
    assert not {content().indicator(key).title for key in KEYS} & {field for line in lines for field in line}


def test_hidden_and_empty_are_the_same_empty_field(member: EngageClient) -> None:
    """One of faith more, among the others, moves numbers of All and of the others alone."""
    empty = make_closed_round([*[("health", everywhere(1))] * 3, *[("schools", everywhere(3))] * 3])
    faith, *_others = (column for column in file_of(member, empty.id)[0] if column.startswith("Faith"))
    few = [("faith", everywhere(4)), *[("justice", everywhere(4))] * 2]
    hidden = make_closed_round([*[("health", everywhere(1))] * 3, *[("schools", everywhere(3))] * 3, *few])
    for round_ in (empty, hidden):
        head, *lines = file_of(member, round_.id)
        assert {line[head.index(faith)] for line in lines} == {""}


def test_a_title_that_a_spreadsheet_would_run_is_written_as_text(member: EngageClient) -> None:
    stored = frozen(content(), "en").to_json()
    stored["areas"][0]["questions"][0]["title"] = "=1+1"
    stored["areas"][0]["short"] = "@area"
    round_ = make_closed_round([("health", everywhere(1))] * 3, questions=stored)
    lines = file_of(member, round_.id)
    assert lines[1][0] == "'@area"
    assert lines[2][1] == "'=1+1"


def test_what_has_no_results_has_no_file(
    member: EngageClient, coordinator: EngageClient, viewer: EngageClient
) -> None:
    few = make_closed_round([("health", everywhere(1))] * 2)
    open_ = make_round()
    theirs = make_closed_round([("health", everywhere(1))] * 3, coalition=make_coalition())
    for client in (member, coordinator, viewer):
        for round_ in (few, open_, theirs):
            assert client.get(f"{HERE}rounds/{round_.id}/results.csv").status_code == 404
