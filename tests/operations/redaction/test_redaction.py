"""Text that should not be here: reporting it, keeping it, and removing it from every place where it is kept."""

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask, g

from engage import snapshots
from engage.assessment.models import Answer, DraftSet, Round, StoredRelease
from engage.assessment.rules import QuestionKind
from engage.assessment.sets import service as sets_service
from engage.assessment.sets.questions import service as questions_service
from engage.assessment.sets.questions.service import AreaWords, QuestionWords
from engage.assessment.sets.rules import SetDraft
from engage.coalitions.audit.models import AuditEntry
from engage.coalitions.audit.rules import AuditEvent
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.columns import Holds, about
from engage.database import WAITS_SECONDS
from engage.errors import StaleVersion
from engage.extensions import db
from engage.operations.daily import tick
from engage.operations.redaction import pages as redaction_pages
from engage.operations.redaction import questions
from engage.operations.redaction import service as redaction_service
from engage.operations.redaction.columns import labels
from engage.operations.redaction.service import RedactionTarget
from engage.operations.reported.models import ReportedText
from engage.partners.organizations import service as organizations_service
from engage.plan.models import Action
from engage.plan.undo.service import trash
from engage.search import index
from tests import rows
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_closed_round,
    make_coalition,
    make_goal,
    make_membership,
    make_note,
    make_organization,
    make_plan,
    signed_in_client,
)

HERE = "/c/riverbend/"
CANARY = "Jane Quartermain of 12 Elm Street"


def everything() -> str:
    """Returns the whole database as text; a row's own repr would cut what is long."""
    db.session.expire_all()
    # As the database holds it, from its own driver: it is read twice for each of two hundred columns.
    cursor = db.session.connection().connection.cursor()
    found = []
    for name in (*db.metadata.tables, index.NAME):
        cursor.execute(f"SELECT * FROM {name}")
        found += [f"{name} {row!r}" for row in cursor.fetchall()]
    return "\n".join(found)


def is_text(column: sa.Column[Any]) -> bool:
    return isinstance(column.type, sa.String | sa.JSON) and not isinstance(column.type, sa.Enum)


# -- the registry


def test_every_text_column_says_what_it_holds_and_a_text_whose_it_is(app: Flask) -> None:
    assert app
    columns = [column for table in db.metadata.sorted_tables for column in table.c]
    silent = [str(column) for column in columns if is_text(column) and about(column).holds is None]
    assert silent == [], "say what they hold: see engage/columns.py"
    people = {"id", *(str(column) for column in columns if about(column).own_data)}
    for column in columns:
        said = about(column)
        assert is_text(column) or said.holds is None, column
        assert (said.label is None) is (said.holds is not Holds.TEXT), column
        assert all(each == "id" or f"{column.table.name}.{each}" in people for each in said.of.split()), (
            column
        )
        assert not said.folded_from or about(column.table.c[said.folded_from]).holds is Holds.TEXT, column
    many = {column.table.name for column in columns if about(column).holds is Holds.QUESTIONS}
    assert many == questions.STORED


def test_every_text_stands_on_some_page_from_which_it_can_be_removed(app: Flask) -> None:
    reached = {name for names in redaction_pages._LISTS.values() for name in names}
    for name, _column, _part in redaction_pages._THINGS.values():
        reached |= {name, *(child for child, _key in redaction_pages.children_of(name))}
    assert set(labels()) <= reached
    assert {*redaction_pages._LISTS, *redaction_pages._THINGS} <= set(app.view_functions)


# -- removing


TEXT_COLUMNS = [(table, name) for table, each in labels().items() for name in each.columns]


@pytest.mark.parametrize(("table", "column"), TEXT_COLUMNS, ids=[f"{t}.{c}" for t, c in TEXT_COLUMNS])
def test_a_removed_text_is_in_no_table(coordinator: EngageClient, table: str, column: str) -> None:
    """Every text column of every table: with the key it is sorted by, and a copy of it in undo."""
    place = coordinator.membership
    kind = db.metadata.tables[table]
    text = CANARY[: getattr(kind.c[column].type, "length", None) or 99]
    values: dict[str, Any] = {column: text}
    if "sort_key" in kind.c and about(kind.c.sort_key).folded_from == column:
        values["sort_key"] = redaction_service.folded(text)
    values |= {
        "toolkit_note": {"is_shared": True},
        "assessment_answer": {"note_released": True},
        "assessment_effort": {"shared": True},
    }.get(table, {})
    if table == "coalitions_coalition":
        key = place.coalition_id
        db.session.execute(sa.update(kind).where(kind.c.id == key).values(values))
    else:
        key = rows.insert(kind, values, coalition=place.coalition_id)
        copied = [{"table": table, "id": key, "values": {column: text}}]
        snapshots.keep(
            place.coalition_id,
            place.id,
            snapshots.SnapshotFor.UNDO,
            "edit",
            copied,
            thing=table,
            thing_id=key,
            title=text,
        )
    db.session.commit()
    assert text in everything()
    gone = redaction_service.redact(place, [RedactionTarget(table, key, column)])
    db.session.commit()
    assert gone == [RedactionTarget(table, key, column)]
    left = everything()
    assert text not in left
    assert redaction_service.folded(text) not in left
    entry = db.session.scalars(
        sa.select(AuditEntry).where(AuditEntry.event == AuditEvent.TEXT_REDACTED)
    ).one()
    told = None if table == "assessment_answer" else key
    assert (entry.thing, entry.thing_id, entry.what) == (table, told, column)


@pytest.fixture
def world(coordinator: EngageClient) -> EngageClient:
    """Makes a goal with an action, adopted with a snapshot, and one more in the trash, all about the same person."""
    place = coordinator.membership
    plan = make_plan(snapshot={"goals": [{"title": CANARY, "actions": [{"title": CANARY}]}]})
    goal = make_goal(plan, title=CANARY)
    make_action(plan, goal, title=CANARY, details="Fine words.")
    trash.delete_action(place, make_action(plan, title=CANARY))
    make_organization(
        name=CANARY, sort_key=redaction_service.folded(CANARY), search_key=redaction_service.folded(CANARY)
    )
    # In the trash with its organization, sorted by the same words.
    old = make_organization(name="County Library")
    contact = {"organization_id": old.id, "name": CANARY, "sort_key": redaction_service.folded(CANARY)}
    rows.insert(db.metadata.tables["partners_contact"], contact, coalition=place.coalition_id)
    organizations_service.delete(place, old)
    make_note(place, text=CANARY, is_shared=True)
    other = make_coalition(slug="elsewhere")
    rows.insert(db.metadata.tables["plan_goal"], {"title": "Theirs"}, coalition=other.id)
    db.session.commit()
    return coordinator


def target(table: str, column: str, **where: Any) -> str:
    kind = db.metadata.tables[table]
    key = db.session.scalar(sa.select(kind.c.id).filter_by(**where))
    return f"{table}-{key}-{column}"


def test_the_same_words_go_everywhere_with_trash_undo_snapshot_and_search(world: EngageClient) -> None:
    chosen = target("plan_goal", "title", title=CANARY)
    goal = chosen.split("-")[1]
    page = world.page(f"{HERE}settings/texts?page=plan/goals/{goal}")
    assert chosen in [node.attributes["value"] for node in page.all("main input[type=checkbox]")]
    page = world.page(f"{HERE}settings/texts/remove?page=plan/goals/{goal}&text={chosen}")
    assert page.texts("#coalitions-redact li") == [f"Goal: Title {CANARY}"]
    assert len(page.all("#coalitions-redact-elsewhere li")) == 3
    answer = world.send(f"{HERE}settings/texts/remove", page=f"plan/goals/{goal}", text=chosen)
    assert (answer.status, answer.location) == (303, f"{HERE}plan/goals/{goal}")
    left = everything()
    assert CANARY not in left
    assert redaction_service.folded(CANARY) not in left
    assert "Fine words." in left
    shown = world.page(f"{HERE}plan/goals/{goal}")
    assert "[removed 2" in shown.text("h1")
    assert shown.has("4 passages are removed for good.")
    again = world.send(f"{HERE}settings/texts/remove", page=f"plan/goals/{goal}", text=chosen)
    assert again.status == 422
    assert again.has("You have not chosen anything")


def test_on_sqlite_the_text_is_not_in_the_files_bytes(app: Flask, world: EngageClient) -> None:
    if db.engine.dialect.name != "sqlite":
        assert redaction_service.settle(db.engine) is None  # PostgreSQL clears its pages by VACUUM
        return
    file = Path(str(db.engine.url.database))
    files = [file, file.with_name(f"{file.name}-wal")]

    def in_bytes() -> bool:
        return any(CANARY.encode() in each.read_bytes() for each in files if each.exists())

    assert in_bytes()
    chosen = target("plan_goal", "title", title=CANARY)
    answer = world.post(
        f"{HERE}settings/texts/remove",
        data={"page": "plan/", "text": chosen, "csrf_token": world.csrf_token()},
    )
    db.session.remove()
    answer.close()
    assert not in_bytes()


def test_what_is_deleted_for_good_is_not_in_the_files_bytes_either(app: Flask, world: EngageClient) -> None:
    if db.engine.dialect.name != "sqlite":
        assert redaction_service.settle(db.engine) is None  # PostgreSQL clears its pages by VACUUM
        return
    kind = "Only in the trash, Route 9"
    copy, _next = trash.delete_action(world.membership, make_action(make_plan(status="draft"), title=kind))
    key = copy.id
    db.session.commit()
    file = Path(str(db.engine.url.database))
    files = [file, file.with_name(f"{file.name}-wal")]

    def in_bytes() -> bool:
        return any(kind.encode() in each.read_bytes() for each in files if each.exists())

    assert in_bytes()
    path = world.page(f"{HERE}settings/trash").one(f"a[href$='trash/{key}/delete']").attributes["href"]
    answer = world.post(str(path), data={"csrf_token": world.csrf_token()})
    assert answer.status_code == 303
    db.session.remove()
    answer.close()
    assert not in_bytes()


@pytest.mark.parametrize(
    ("name", "versions"),
    [("plan_goal", ["version"]), ("meetings_agenda_item", ["version", "recorded_version"])],
)
def test_a_form_that_was_open_does_not_bring_the_text_back(
    coordinator: EngageClient, name: str, versions: list[str]
) -> None:
    """A line of an agenda has two forms, each with a version of its own."""
    place, table = coordinator.membership, db.metadata.tables[name]
    key = rows.insert(table, {"title": CANARY}, coalition=place.coalition_id)
    db.session.commit()
    now = sa.select(*(table.c[each] for each in versions)).where(table.c.id == key)
    before = db.session.execute(now).one()
    redaction_service.redact(place, [RedactionTarget(name, key, "title")])
    db.session.commit()
    assert list(db.session.execute(now).one()) == [each + 1 for each in before]


def test_what_is_drawn_and_kept_in_the_process_goes_too(world: EngageClient) -> None:
    from engage.plan.overview.pages import rendered

    world.page(f"{HERE}plan/?view=board")
    held = [each for each in vars(rendered).values() if hasattr(each, "cache_info")]
    assert sum(each.cache_info().currsize for each in held)
    redaction_service.forget_drawn()
    assert not sum(each.cache_info().currsize for each in held)


def test_from_each_text_a_link_leads_to_where_it_stands(world: EngageClient) -> None:
    """Also from those that have the same words elsewhere; the page that was reported is not linked once more."""
    goal = target("plan_goal", "title", title=CANARY)
    page = f"plan/goals/{goal.split('-')[1]}"
    shown = world.page(f"{HERE}settings/texts/remove?page={page}&text={goal}")
    assert not shown.all("#coalitions-redact a")
    links = [node.attributes["href"] for node in shown.all("#coalitions-redact-elsewhere a")]
    assert len(links) == 3
    for link in links:
        assert CANARY in world.page(str(link)).text("main")
    assert f"{HERE}plan/actions/{db.session.scalar(sa.select(Action.number))}" in links


@pytest.mark.parametrize("table", labels())
def test_every_text_has_an_address(coordinator: EngageClient, table: str) -> None:
    place = coordinator.membership
    kind = db.metadata.tables[table]
    key = place.coalition_id
    if table != "coalitions_coalition":
        given: dict[str, Any] = {name: "health" for name in ("area",) if name in kind.c}
        key = rows.insert(kind, given, coalition=place.coalition_id)
    db.session.commit()
    with coordinator.application.test_request_context(HERE):
        g.slug = "riverbend"
        found = redaction_pages.addresses_of(place, [RedactionTarget(table, key, "title")])
    assert list(found) == [(table, key)]
    assert found[table, key].startswith(HERE)


# -- questions of one's own

LEVELS = ("Nothing yet", "Somebody asks", f"As {CANARY} said", "Most do", "All do")


@pytest.fixture
def asked(coordinator: EngageClient) -> EngageClient:
    """Makes a set with a question and an area about a person.

    It also makes the closed round that asked it, and what depends on its key.
    """
    place = coordinator.membership
    set_ = sets_service.create(place, "Ours and more", SetDraft(sets_service.ours()))
    words = AreaWords(f"Homes of {CANARY}", "Jane", f"Who knows {CANARY}?")
    area = questions_service.add_area(set_, words, place)
    said = QuestionWords(area.key, CANARY, f"We help {CANARY}.", f"She is {CANARY}.", (), LEVELS)
    key = questions_service.add_question(set_, said, place).key
    in_spanish = {"es": {"name": CANARY, "short": "Jane", "asks": CANARY}}
    *areas, last = set_.questions["areas"]
    set_.questions = {**set_.questions, "areas": [*areas, {**last, "texts": in_spanish}]}
    made = make_closed_round(
        [("health", {key: 2})] * 3, questions=sets_service.draft_of(set_).asked.to_json()
    )
    here = {"indicator": key, "area": area.key, "round_id": made.id}
    rows.insert(db.metadata.tables["strengths_need"], here, coalition=place.coalition_id)
    rows.insert(
        db.metadata.tables["meetings_agenda_item"],
        {"about": f"indicator:{made.id}:{key}"},
        coalition=place.coalition_id,
    )
    db.session.commit()
    assert key.startswith("own-jane-quartermain")
    return coordinator


def on_page(client: EngageClient, page: str) -> dict[str, str]:
    """Returns what may be chosen there: form value to words."""
    shown = client.page(f"{HERE}settings/texts?page={page}")
    return {
        str(node.attributes["value"]): " ".join(node.parent.text().split())
        for node in shown.all("main input[type=checkbox]")
    }


def test_the_wording_of_ones_own_questions_goes_from_every_table_and_page(asked: EngageClient) -> None:
    round_id = db.session.scalar(sa.select(Round.id))
    set_id = db.session.scalar(sa.select(DraftSet.id))
    key = str(db.session.scalar(sa.select(Answer.indicator)))
    report(asked, f"assessment/questions/{set_id}/questions/{key}")
    before = asked.page(f"{HERE}assessment/rounds/{round_id}/results/").text("main")
    about = on_page(asked, f"assessment/questions/{set_id}/questions/{key}")
    # What is about this question stands first, and nothing of ours is offered.
    assert [each for each in list(about)[:4] if f"question/{key}/" not in each] == []
    assert not any("/housing" in each or "traffick" in words for each, words in about.items())
    chosen = [each for each, words in about.items() if "Jane" in words or "Quartermain" in words]
    assert len(chosen) >= 8
    page = f"assessment/questions/{set_id}/questions/{key}"
    answer = asked.send(f"{HERE}settings/texts/remove", page=page, text=chosen)
    assert (answer.status, answer.location) == (303, f"{HERE}settings/reports/")
    assert [each.outcome for each in reports()] == ["redacted"]
    left = everything()
    for word in ("Quartermain", "quartermain"):
        assert word not in left
    assert before.count("Quartermain") >= 1
    for path in (
        f"assessment/rounds/{round_id}/results/",
        f"assessment/rounds/{round_id}/results.csv",
        f"assessment/questions/{set_id}/",
        f"assessment/questions/{set_id}/file",
        "assessment/compare",
        "reports/assessment",
        "settings/coalition.json",
        "settings/audit/",
        "settings/reports/",
        "meetings/",
        "strengths/needs/",
    ):
        shown = asked.get(f"{HERE}{path}")
        assert shown.status_code == 200, path
        assert "quartermain" not in shown.get_data(as_text=True).casefold(), path
    # The question is still one and the same everywhere, with its answers and what hangs on it.
    (new,) = set(db.session.scalars(sa.select(Answer.indicator)))
    assert new == "own-removed-2"
    assert (
        sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one()).questions.find(new) is not None
    )
    need = db.metadata.tables["strengths_need"]
    assert db.session.execute(sa.select(need.c.indicator, need.c.area)).one() == (new, "own-removed")
    release = db.session.scalars(sa.select(StoredRelease.results)).one()
    assert new in json.dumps(release)
    item = db.metadata.tables["meetings_agenda_item"]
    assert f"indicator:{round_id}:{new}" in db.session.scalars(sa.select(item.c.about)).all()


def test_the_frozen_wording_of_a_round_is_removed_from_its_results_page_and_the_sets_goes_along(
    asked: EngageClient,
) -> None:
    round_id = db.session.scalar(sa.select(Round.id))
    about = on_page(asked, f"assessment/rounds/{round_id}/results/")
    (chosen,) = (each for each, words in about.items() if f"We help {CANARY}." in words)
    assert chosen.startswith("assessment_round-")
    assert about[chosen].startswith("Round: Statement")
    removed = redaction_service.redact(asked.membership, [RedactionTarget.of(chosen) or pytest.fail(chosen)])
    db.session.commit()
    assert [each.table for each in removed] == ["assessment_round", "assessment_draft_set"]
    left = everything()
    assert f"We help {CANARY}." not in left
    assert f"She is {CANARY}." in left
    said = {
        (each.what, each.thing)
        for each in db.session.scalars(sa.select(AuditEntry))
        if each.event is AuditEvent.TEXT_REDACTED
    }
    assert said == {("questions", "assessment_round"), ("questions", "assessment_draft_set")}


def test_a_form_that_was_open_on_a_question_does_not_bring_its_words_back(asked: EngageClient) -> None:
    """By another key where it was the coalition's own, by its number of changes where it was ours."""
    place = asked.membership
    set_ = db.session.scalars(sa.select(DraftSet)).one()
    draft = sets_service.draft_of(set_)
    area = draft.questions.areas[0]
    first = area.questions[0]
    words = QuestionWords(area.key, f"Ask {CANARY}", first.statement, first.why, first.ask, first.levels)
    questions_service.reword(set_, first.key, draft.edit_of(first.key), words, new=False, actor=place)
    db.session.commit()
    edit = sets_service.draft_of(set_).edit_of(first.key)
    gone = RedactionTarget.of(f"assessment_draft_set-{set_.id}-question/{first.key}/title")
    assert gone is not None
    assert redaction_service.redact(place, [gone]) == [gone]
    db.session.commit()
    with pytest.raises(StaleVersion):
        questions_service.reword(set_, first.key, edit, words, new=False, actor=place)
    assert f"Ask {CANARY}" not in everything()
    # Ours keeps its key.
    assert (
        sets_service.draft_of(db.session.scalars(sa.select(DraftSet)).one()).questions.find(first.key)
        is not None
    )


def test_an_answer_to_choose_from_is_removed_from_the_set_and_from_every_round(asked: EngageClient) -> None:
    place = asked.membership
    set_ = db.session.scalars(sa.select(DraftSet)).one()
    words = QuestionWords(
        sets_service.draft_of(set_).questions.areas[0].key,
        "How",
        "How?",
        "",
        (),
        (),
        QuestionKind.ONE,
        (f"From {CANARY}", "At work"),
    )
    key = questions_service.add_question(set_, words, place).key
    db.session.commit()
    gone = RedactionTarget.of(f"assessment_draft_set-{set_.id}-question/{key}/options/0")
    assert gone is not None
    assert redaction_service.redact(place, [gone]) == [gone]
    db.session.commit()
    assert f"From {CANARY}" not in everything()
    assert "At work" in everything()


@pytest.mark.parametrize(
    "text",
    [
        "plan_goal-{theirs}-title",
        "plan_goal-{ours}-version",
        "plan_goal-{ours}-question/own-beds/title",
        "assessment_round-1-question/own-beds/key",
        "assessment_round-1-question/own-beds",
        "accounts_user-1-name",
        "toolkit_note-{private}-text",
        "x",
        "--",
    ],
)
def test_what_is_not_theirs_to_see_cannot_be_removed(world: EngageClient, text: str) -> None:
    private = make_note(make_membership(), text="Mine alone, for nobody", is_shared=False)
    db.session.commit()
    asked = text.format(
        theirs=target("plan_goal", "title", title="Theirs").split("-")[1],
        ours=target("plan_goal", "title", title=CANARY).split("-")[1],
        private=private.id,
    )
    page = world.send(f"{HERE}settings/texts/remove", page="plan/", text=asked)
    assert page.status == 422
    left = everything()
    assert "Theirs" in left
    assert "Mine alone" in left
    assert "[removed" not in left


def test_a_private_note_is_neither_listed_nor_counted_among_the_same_words(world: EngageClient) -> None:
    make_note(make_membership(), text=CANARY, is_shared=False)
    db.session.commit()
    chosen = target("plan_goal", "title", title=CANARY)
    page = world.page(f"{HERE}settings/texts/remove?page=plan/&text={chosen}")
    assert len(page.all("#coalitions-redact-elsewhere li")) == 3


def test_members_and_viewers_remove_nothing(
    world: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    chosen = target("plan_goal", "title", title=CANARY)
    for client in (member, viewer):
        for path in (
            "settings/reports/",
            "settings/texts?page=plan/",
            f"settings/texts/remove?page=plan/&text={chosen}",
        ):
            assert client.get(f"{HERE}{path}").status_code == 403
        assert client.send(f"{HERE}settings/texts/remove", page="plan/", text=chosen).status == 403
    assert CANARY in everything()


def test_removing_asks_for_the_password_again(world: EngageClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engage.accounts.sessions.reauthenticate.was_recently", lambda *_moments: False)
    chosen = target("plan_goal", "title", title=CANARY)
    page = world.send(f"{HERE}settings/texts/remove", page="plan/", text=chosen)
    assert page.one("input[type=password]")
    assert CANARY in everything()


# -- reporting


def report(client: EngageClient, page: str, reason: str = "person") -> Any:
    return client.send(f"{HERE}settings/report", page=page, reason=reason)


def reports() -> list[ReportedText]:
    db.session.expire_all()
    return list(db.session.scalars(sa.select(ReportedText).order_by(ReportedText.id)))


@pytest.mark.parametrize("role", list(Role))
def test_whoever_sees_a_page_can_report_its_text(
    coordinator: EngageClient, client_of: Callable[[Membership], EngageClient], role: Role
) -> None:
    action = make_action(make_plan())
    db.session.commit()
    client = client_of(make_membership(role=role, name="Ann Lee"))
    page = client.page(f"{HERE}plan/actions/{action.number}")
    link = page.one("footer a[href*='settings/report']").attributes["href"] or ""
    assert client.page(link).one("h1").text() == "Report a problem with this page"
    answer = report(client, f"plan/actions/{action.number}")
    assert (answer.status, answer.location) == (303, f"{HERE}plan/actions/{action.number}")
    (made,) = reports()
    assert (made.page, made.reason, made.reported_by_id) == (
        f"plan/actions/{action.number}",
        "person",
        client.membership.id,
    )
    home = coordinator.page(HERE)
    assert "1 passage was reported" in home.text("#home-waiting")
    assert "1 passage was reported" in coordinator.page(f"{HERE}messages/").text("main")
    assert coordinator.page(f"{HERE}settings/reports/").one(
        f"main a[href='{HERE}plan/actions/{action.number}']"
    )
    if role is Role.MEMBER:
        assert "reported" not in client.page(HERE).text("#home-waiting")


@pytest.mark.parametrize(
    ("page", "status"),
    [
        ("people/1", 404),
        ("settings/", 404),
        ("nowhere", 404),
        ("../elsewhere/", 404),
        ("plan/", 303),
        ("x" * 300, 404),
    ],
)
def test_a_viewer_reports_only_what_a_viewer_sees(viewer: EngageClient, page: str, status: int) -> None:
    assert report(viewer, page).status == status
    assert len(reports()) == (status == 303)


def test_a_report_without_a_reason_is_refused(member: EngageClient) -> None:
    page = member.send(f"{HERE}settings/report", page="plan/")
    assert page.status == 422
    assert page.errors == ["Choose why."]
    assert page.value("page") == "plan/"
    assert reports() == []


def test_reporting_twice_waits_once_and_keeping_settles_it(
    coordinator: EngageClient, member: EngageClient
) -> None:
    report(member, "plan/")
    report(member, "plan/", "case")
    report(coordinator, "plan/")
    assert len(reports()) == 2
    assert coordinator.membership.coalition.texts_reported == 2
    first = reports()[0].id
    for words in ("The text stays, and the report is settled.", "This report was already settled."):
        answer = coordinator.send(f"{HERE}settings/reports/{first}/keep")
        assert coordinator.page(answer.location).has(words)
    assert [each.outcome for each in reports()] == ["kept", None]
    assert coordinator.membership.coalition.texts_reported == 1
    events = [each.event for each in db.session.scalars(sa.select(AuditEntry).order_by(AuditEntry.id))]
    assert events == [AuditEvent.TEXT_REPORTED, AuditEvent.TEXT_REPORTED, AuditEvent.TEXT_KEPT]


def test_removing_a_text_settles_the_reports_of_its_page(world: EngageClient, member: EngageClient) -> None:
    chosen = target("plan_goal", "title", title=CANARY)
    page = f"plan/goals/{chosen.split('-')[1]}"
    report(member, page)
    world.send(f"{HERE}settings/texts/remove", page=page, text=chosen)
    assert [each.outcome for each in reports()] == ["redacted"]
    assert world.membership.coalition.texts_reported == 0
    assert (
        world.page(f"{HERE}settings/reports/")
        .text("#coalitions-reports-settled li")
        .startswith("Text removed")
    )


def test_ordinary_pages_ask_nothing_for_it(
    app: Flask, coordinator: EngageClient, member: EngageClient
) -> None:
    coordinator.page(HERE)
    with counted_queries() as without:
        coordinator.page(HERE)
    report(member, "plan/")
    with counted_queries() as with_one:
        coordinator.page(HERE)
    assert len(with_one) == len(without)


def test_another_coalitions_report_does_not_exist(app: Flask, member: EngageClient) -> None:
    report(member, "plan/")
    other = make_coalition(slug="elsewhere")
    stranger = signed_in_client(app, make_membership(coalition=other, role=Role.COORDINATOR))
    assert stranger.send(f"/c/elsewhere/settings/reports/{reports()[0].id}/keep").status == 404
    assert reports()[0].outcome is None


def test_the_days_work_empties_what_a_reader_kept_of_the_log(app: Flask, world: EngageClient) -> None:
    if db.engine.dialect.name != "sqlite":
        return
    file = Path(str(db.engine.url.database))
    plan = make_plan(status="draft", title=CANARY)
    plan.title = "Another"
    db.session.commit()
    log = file.with_name(f"{file.name}-wal")
    assert CANARY.encode() in log.read_bytes()
    tick.run()
    assert CANARY.encode() not in log.read_bytes()


def test_a_long_reader_keeps_no_one_from_saving_while_the_log_is_emptied(
    app: Flask, world: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A backup of a large site reads for a minute; SQLite lets no one save while it waits for it."""
    if db.engine.dialect.name != "sqlite":
        return
    monkeypatch.setattr(redaction_service, "_PAUSES", (0.01, 0))
    file = Path(str(db.engine.url.database))
    log = file.with_name(f"{file.name}-wal")
    with closing(sqlite3.connect(file, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM accounts_user").fetchone()
        make_plan(status="draft", title=CANARY)
        began = perf_counter()
        redaction_service.empty_log(db.engine)
        assert perf_counter() - began < 2
        assert CANARY.encode() in log.read_bytes()
        assert db.session.scalar(sa.text("PRAGMA busy_timeout")) == WAITS_SECONDS * 1000
        db.session.remove()
    redaction_service.empty_log(db.engine)
    assert log.read_bytes() == b""


def test_a_disk_or_a_lock_in_the_way_afterwards_breaks_no_answer_and_is_logged_without_texts(
    app: Flask, world: EngageClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def busy(_engine: sa.Engine) -> None:
        raise sa.exc.OperationalError("PRAGMA", {"text": CANARY}, Exception(CANARY))

    monkeypatch.setattr(redaction_service, "settle", busy)
    answer = world.post(
        f"{HERE}settings/texts/remove",
        data={
            "page": "plan/",
            "text": target("plan_goal", "title", title=CANARY),
            "csrf_token": world.csrf_token(),
        },
    )
    db.session.remove()
    answer.close()
    assert answer.status_code in {200, 303}
    assert "not let go of yet" in caplog.text and CANARY not in caplog.text
