"""The public progress page: what it shows, what it never shows, and that a revoked link does not work."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock
from engage.coalitions.models import Coalition, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.models import Agreement
from engage.partners.rules import AgreementKind, AgreementState
from engage.plan.measures.rules import NumberKind
from engage.plan.models import Goal, Plan
from engage.plan.rules import ActionStatus, PlanStatus
from engage.reports.models import PublicGoal, PublicMeasure, PublicPage, PublicPartner
from engage.reports.public import queries as public_queries
from engage.reports.public import service as public_service
from engage.reports.public.rules import Called, ChosenForPublic
from tests import rows
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import (
    make_action,
    make_coalition,
    make_goal,
    make_measure,
    make_membership,
    make_objective,
    make_organization,
    make_plan,
    make_reading,
    make_round,
    saved,
    the_coalition,
)
from tests.html import Page

EDIT = "/c/riverbend/reports/public"


def make_agreement(name: str, *, named: bool = True, **overrides: Any) -> Agreement:
    organization = overrides.pop("organization", None) or make_organization(name=name)
    values: dict[str, Any] = {
        "coalition_id": organization.coalition_id,
        "number": organization.id,
        "organization_id": organization.id,
        "kind": AgreementKind.MOU,
        "state": AgreementState.SIGNED,
        "signed_on": date(2026, 1, 5),
        "named_by": "Their director" if named else "",
        "named_on": date(2026, 1, 5) if named else None,
        "created_at": clock.now(),
    }
    return saved(Agreement(**{**values, **overrides}))


def person(coalition: Coalition | None = None) -> Membership:
    return make_membership(role=Role.COORDINATOR, coalition=coalition)


def publish(goals: dict[int, Called] | None = None, by: Membership | None = None, **chosen: Any) -> str:
    """Chooses and publishes; returns the address of the public page."""
    by = by or person()
    page = public_queries.page_of(by)
    public_service.save(by, page.version if page else 0, ChosenForPublic(goals=goals or {}, **chosen))
    public_service.publish(by)
    db.session.commit()
    return address(by)


def address(by: Membership) -> str:
    page = public_queries.page_of(by)
    assert page is not None
    token = public_service.token_of(page)
    assert token is not None
    return f"/public/{token}"


def a_goal(title: str = "Beds for boys", **overrides: Any) -> Goal:
    """Makes a goal of the current plan with two of three actions done and one no longer needed."""
    plan = overrides.pop("plan", None) or make_plan(starts_on=date(2026, 1, 1), ends_on=date(2026, 12, 31))
    goal = make_goal(plan, title="Our own words for it", **overrides)
    for status in (ActionStatus.DONE, ActionStatus.DONE, ActionStatus.STUCK, ActionStatus.NO_LONGER_NEEDED):
        make_action(plan, goal, status=status, reason="A secret reason")
    return goal


# -- what it shows


def test_who_adopts_the_next_plan_is_told_that_the_public_sees_nothing_of_it(
    coordinator: EngageClient,
) -> None:
    said = "Your public page does not show any goals from this plan yet."

    def adopt(plan: Plan) -> Page:
        address = f"/c/riverbend/plan/{plan.id}/adopt"
        return coordinator.page(coordinator.send(address, adopted_on="2026-11-03").location or "")

    first = make_goal(make_plan(status=PlanStatus.DRAFT, title="Plan 2026"))
    assert not adopt(db.session.get_one(Plan, first.plan_id)).has(said)
    publish({first.id: Called("Nobody waits for a safe bed", True)})
    second = make_goal(make_plan(status=PlanStatus.DRAFT, title="Plan 2027"))
    assert adopt(db.session.get_one(Plan, second.plan_id)).has(said)
    third = make_goal(make_plan(status=PlanStatus.DRAFT, title="Plan 2028"))
    saved(PublicGoal(coalition_id=third.coalition_id, goal_id=third.id, title="A bed", is_shown=True))
    assert not adopt(db.session.get_one(Plan, third.plan_id)).has(said)


def test_a_goal_is_shown_under_its_public_title_with_its_counts(client: EngageClient) -> None:
    goal = a_goal()
    page = client.page(publish({goal.id: Called("Nobody waits for a safe bed", True)}))
    assert page.texts(".public-goal h2") == ["Nobody waits for a safe bed"]
    assert page.text(".public-progress") == "2 of 3 actions done, 1 no longer needed"
    assert page.texts(".report-figures li") == [
        "1 goal",
        "2 of 3 actions done",
        "1 no longer needed, not counted",
    ]
    assert "As of" in page.text("#reports-as-of")
    assert "January 1, 2026 to December 31, 2026" in page.text("#reports-as-of")
    assert page.text(".public-whose") == "Riverbend County Coalition"


def test_a_goal_that_is_not_ticked_is_not_shown_and_not_counted(client: EngageClient) -> None:
    goal = a_goal()
    other = make_goal(db.session.get_one(Plan, goal.plan_id))
    make_action(db.session.get_one(Plan, goal.plan_id), other)
    page = client.page(
        publish({goal.id: Called("Nobody waits", True), other.id: Called("Kept for later", False)})
    )
    assert not page.has("Kept for later")
    assert page.texts(".report-figures strong") == ["1", "2 of 3", "1"]


def test_the_database_shows_no_goal_without_a_title(app: Any) -> None:
    goal = a_goal()
    with pytest.raises(sa.exc.IntegrityError):
        saved(PublicGoal(coalition_id=goal.coalition_id, goal_id=goal.id, title="", is_shown=True))
    db.session.rollback()


def test_a_measure_is_shown_under_its_public_name_and_unit(client: EngageClient) -> None:
    goal = a_goal()
    measure = make_measure(make_objective(goal), title="Inside name", unit="inside unit")
    make_reading(measure, 12, date(2026, 5, 3))
    url = publish(
        {goal.id: Called("Nobody waits", True)},
        measures={measure.id: Called("Safe places", True, "beds")},
    )
    page = client.page(url)
    assert page.text(".public-measure").startswith("Safe places: 12 beds, May 3")
    assert "Started from 4 beds" in page.text(".public-measures")
    assert "Aiming for 20 beds" in page.text(".public-measures")
    assert not page.has("Inside name")
    assert not page.has("inside unit")


def test_a_measure_of_a_goal_that_is_not_shown_is_not_shown(client: EngageClient) -> None:
    goal = a_goal()
    other = make_goal(db.session.get_one(Plan, goal.plan_id))
    measure = make_measure(make_objective(other))
    url = publish({goal.id: Called("Nobody waits", True)}, measures={measure.id: Called("Safe places", True)})
    assert not client.page(url).has("Safe places")


@pytest.mark.parametrize(
    ("k", "value", "said"), [(3, 2, "too few"), (3, 3, "3 beds"), (6, 5, "too few"), (6, 0, "0")]
)
def test_small_counts_are_withheld(client: EngageClient, k: int, value: int, said: str) -> None:
    make_round(k=k)
    goal = a_goal()
    measure = make_measure(make_objective(goal), baseline_value=1, target_value=40)
    make_reading(measure, value, date(2026, 5, 3))
    url = publish(
        {goal.id: Called("Nobody waits", True)}, measures={measure.id: Called("Safe places", True, "beds")}
    )
    page = client.page(url)
    assert said in page.text(".public-measure > strong")
    assert "Started from" not in page.text(".public-measures")
    assert page.has("Very small counts are not shown")


def test_a_percentage_says_nothing_of_small_counts(client: EngageClient) -> None:
    goal = a_goal()
    measure = make_measure(
        make_objective(goal), number_kind=NumberKind.PERCENT, unit="", baseline_value=1, target_value=80
    )
    url = publish(
        {goal.id: Called("Nobody waits", True)}, measures={measure.id: Called("Back in school", True)}
    )
    page = client.page(url)
    assert "Aiming for 80%" in page.text(".public-measures")
    assert not page.has("Very small counts")


def test_a_partner_is_named_only_while_their_agreement_says_so(client: EngageClient) -> None:
    goal, by = a_goal(), person()
    yes, no = make_agreement("Grace Church"), make_agreement("Silent Shelter", named=False)
    url = publish({goal.id: Called("Nobody waits", True)}, by, agreements=frozenset({yes.id, no.id}))
    assert client.page(url).texts(".public-partners li") == ["Grace Church"]
    agreements_service.withdraw_naming(by, yes, yes.version, date(2026, 2, 1))
    db.session.commit()
    page = client.page(url)
    assert not page.has("Grace Church")
    assert not page.all(".public-partners")


def test_a_partner_with_two_agreements_is_named_once(client: EngageClient) -> None:
    goal = a_goal()
    first = make_agreement("Grace Church")
    organization = db.session.get_one(type(make_organization()), first.organization_id)
    second = make_agreement("", organization=organization, number=900)
    url = publish({goal.id: Called("Nobody waits", True)}, agreements=frozenset({first.id, second.id}))
    assert client.page(url).texts(".public-partners li") == ["Grace Church"]


# -- what it never shows

# Whose names a public page is meant to show, and what a request needs to find its way.
SHOWN = {"coalitions_coalition", "partners_organization", "history_entry"}
KEYS = {
    "area",
    "indicator",
    "item",
    "key",
    "sector",
    "discipline",
    "step",
    "focus_area",
    "token_hash",
    "nonce",
    "token",
}


def test_no_text_of_the_plan_or_of_people_is_ever_on_it(client: EngageClient, app: Any) -> None:
    """Every column of text in every table but those of the page itself holds a word: none of them comes out."""
    goal = a_goal()
    objective = make_objective(goal)
    measure = make_measure(objective)
    make_reading(measure, 12, date(2026, 5, 3))
    agreement = make_agreement("Grace Church")
    coalition = the_coalition()
    for table in db.metadata.sorted_tables:
        mine = "coalition_id" in table.c and table.name not in {"assessment_release", "reports_public_page"}
        if mine and not db.session.scalar(sa.select(sa.func.count()).select_from(table)):
            rows.insert(table, coalition=coalition.id)
    filled = 0
    for table in db.metadata.sorted_tables:
        if table.name in SHOWN or table.name.startswith(("reports_", "accounts_")) or "id" not in table.c:
            continue
        texts = [
            column.name
            for column in table.c
            if isinstance(column.type, sa.String)
            and not isinstance(column.type, sa.Enum)
            and column.name not in KEYS
        ]
        for key in db.session.scalars(sa.select(table.c.id)).all():
            for name in texts:
                filled += 1
                word = {name: f"zq{filled}"}
                with suppress(sa.exc.IntegrityError), db.session.begin_nested():
                    db.session.execute(sa.update(table).where(table.c.id == key).values(word))
    for name in ("community", "mission", "vision", "definitions", "help_name"):
        setattr(coalition, name, "zqcoalition")
    db.session.commit()
    assert filled > 80
    url = publish(
        {goal.id: Called("Nobody waits", True)},
        measures={measure.id: Called("Safe places", True, "beds")},
        agreements=frozenset({agreement.id}),
    )
    answer = client.get(url)
    assert answer.status_code == 200
    assert "Nobody waits" in answer.text
    assert "Safe places" in answer.text
    assert "Grace Church" in answer.text
    # The address is drawn at random, and may hold any letters.
    assert "zq" not in answer.text.replace(url, "")


def test_the_page_has_no_menu_no_account_and_no_form(client: EngageClient, coordinator: EngageClient) -> None:
    url = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    for browser in (client, coordinator):
        page = browser.page(url)
        assert not page.all("nav")
        assert not page.all("form")
        assert not page.has("Maria Santos")
        assert page.one("#leave")
        assert "1-888-373-7888" in page.text(".foot-help")


def test_the_page_sets_no_cookie_and_is_neither_stored_nor_indexed(
    client: EngageClient, coordinator: EngageClient
) -> None:
    url = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    with coordinator.session_transaction() as session:
        session["_flashes"] = [("message", "Only for Maria")]
    for browser in (client, coordinator):
        answer = browser.get(url)
        assert "Set-Cookie" not in answer.headers
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Cache-Control"] == "no-store"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert Page(answer).one("meta[name=robots]").attributes["content"] == "noindex, nofollow"
        assert "Only for Maria" not in answer.text


# -- a link that is taken back


def test_a_link_that_was_taken_back_opens_nothing_at_once(
    client: EngageClient, coordinator: EngageClient
) -> None:
    url = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    assert client.get(url).status_code == 200
    page = coordinator.send(f"{EDIT}/revoke")
    assert page.status == 303
    answer = client.get(url)
    assert answer.status_code == 404
    assert "Nobody waits" not in answer.text
    assert "Riverbend" not in answer.text
    # The same as for a link that never was one.
    token = url.rsplit("/", 1)[1]
    assert answer.text.replace(token, "never-was") == client.get("/public/never-was").text


def test_another_link_takes_the_first_ones_place(client: EngageClient, coordinator: EngageClient) -> None:
    first = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    coordinator.send(f"{EDIT}/renew")
    second = address(coordinator.membership)
    assert second != first
    assert client.get(first).status_code == 404
    assert client.get(second).status_code == 200


def test_publishing_again_after_taking_back_makes_another_link(
    client: EngageClient, coordinator: EngageClient
) -> None:
    first = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    coordinator.send(f"{EDIT}/revoke")
    coordinator.send(f"{EDIT}/publish")
    assert client.get(first).status_code == 404
    assert client.page(address(coordinator.membership)).has("Nobody waits")


def test_the_database_alone_does_not_give_the_link_away(coordinator: EngageClient) -> None:
    url = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    kept = repr(db.session.execute(sa.select(*PublicPage.__table__.c)).all())
    assert url.removeprefix("/public/") not in kept


def test_history_says_who_published_and_who_took_back(coordinator: EngageClient) -> None:
    publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    coordinator.send(f"{EDIT}/renew")
    coordinator.send(f"{EDIT}/revoke")
    entries = db.session.scalars(
        sa.select(HistoryEntry)
        .where(HistoryEntry.thing == "reports_public_page", HistoryEntry.field == "state")
        .order_by(HistoryEntry.id)
    ).all()
    assert [(each.old, each.new, each.actor_id) for each in entries] == [
        ("private", "public", coordinator.membership.id),
        ("public", "renewed", coordinator.membership.id),
        ("public", "private", coordinator.membership.id),
    ]
    page = coordinator.page(EDIT)
    assert [words.rsplit(": ", 1)[1] for words in page.texts("#reports-public-state li")] == [
        "unpublished", "given a new link", "published",
    ]  # fmt: skip


def test_doing_it_twice_changes_nothing_the_second_time(coordinator: EngageClient) -> None:
    url = publish({a_goal().id: Called("Nobody waits", True)}, coordinator.membership)
    page = coordinator.send(f"{EDIT}/publish")
    assert page.status == 303
    assert address(coordinator.membership) == url
    coordinator.send(f"{EDIT}/revoke")
    coordinator.send(f"{EDIT}/revoke")
    coordinator.send(f"{EDIT}/renew")
    assert not db.session.scalars(sa.select(PublicPage)).one().is_public


# -- another plan


def test_the_page_follows_the_current_plan_and_says_so_where_there_is_none(
    client: EngageClient, coordinator: EngageClient
) -> None:
    goal = a_goal()
    url = publish({goal.id: Called("Nobody waits", True)}, coordinator.membership)
    plan = db.session.get_one(Plan, goal.plan_id)
    plan.status, plan.closed_on = PlanStatus.CLOSED, date(2026, 12, 31)
    db.session.commit()
    page = client.page(url)
    assert page.has("The coalition has no plan of action right now.")
    assert not page.has("Nobody waits")
    assert coordinator.page(EDIT).has("There is no current plan")
    make_goal(make_plan(title="Next year"))
    assert client.page(url).has("No goal is shown here right now.")


def test_titles_of_goals_that_go_on_are_offered_for_the_next_plan(coordinator: EngageClient) -> None:
    goal = a_goal()
    publish({goal.id: Called("Nobody waits", True)}, coordinator.membership)
    plan = db.session.get_one(Plan, goal.plan_id)
    plan.status, plan.closed_on = PlanStatus.CLOSED, date(2026, 12, 31)
    again = make_goal(make_plan(title="Next year"), title="Our own words for it")
    page = coordinator.page(EDIT)
    assert page.value(f"goal-{again.id}") == "Nobody waits"
    assert not page.all("input[name=goals][checked]")


def test_a_goal_that_is_deleted_leaves_the_page(client: EngageClient, coordinator: EngageClient) -> None:
    plan = make_plan()
    gone, stays = make_goal(plan), make_goal(plan)
    url = publish({gone.id: Called("Going", True), stays.id: Called("Staying", True)}, coordinator.membership)
    db.session.delete(gone)
    db.session.commit()
    assert client.page(url).texts(".public-goal h2") == ["Staying"]


# -- choosing


def typed(client: EngageClient, **fields: Any) -> Page:
    version = client.page(EDIT).value("version")
    return client.send(EDIT, **{"version": version, **fields})


def test_a_coordinator_chooses_looks_and_publishes(client: EngageClient, coordinator: EngageClient) -> None:
    goal = a_goal()
    measure = make_measure(make_objective(goal))
    agreement = make_agreement("Grace Church")
    fields = {
        "goals": [goal.id],
        f"goal-{goal.id}": "Nobody waits",
        "measures": [measure.id],
        f"measure-{measure.id}": "Safe places",
        f"unit-{measure.id}": "beds",
        "partners": [agreement.id],
    }
    page = typed(coordinator, **fields)
    assert page.status == 303
    preview = coordinator.page(f"{EDIT}/preview")
    assert preview.has("It is not public yet.")
    assert coordinator.send(f"{EDIT}/publish").status == 303
    edit = coordinator.page(EDIT)
    # Each goal has a field of the same name: the part around it says which one it is of.
    assert edit.one("section[aria-labelledby=reports-goal-1-title] [name^=goal-]")
    link = edit.one("#reports-link").attributes["value"]
    assert link is not None
    assert edit.all(".invite-code svg")
    public = client.page(link[link.index("/public/") :])
    assert public.text("#reports-public") == preview.text("#reports-public")
    assert public.text(".heading") == preview.text(".heading")
    assert public.texts(".public-goal h2") == ["Nobody waits", "Our partners"]


def test_a_tick_without_a_title_is_refused_with_its_words(coordinator: EngageClient) -> None:
    goal = a_goal()
    measure = make_measure(make_objective(goal))
    page = typed(
        coordinator,
        goals=[goal.id],
        measures=[measure.id],
        **{f"goal-{goal.id}": "  ", f"measure-{measure.id}": ""},
    )
    assert page.status == 422
    assert page.errors == [
        "Give this goal a public title, or uncheck it.",
        "Give this measure a public name, or uncheck it.",
    ]
    assert db.session.scalar(sa.select(sa.func.count(PublicGoal.id))) == 0


def test_a_title_is_checked_for_personal_details_and_may_be_accepted(coordinator: EngageClient) -> None:
    goal = a_goal()
    fields = {"goals": [goal.id], f"goal-{goal.id}": "Call Dan at 555-201-8834"}
    page = typed(coordinator, **fields)
    assert page.status == 422
    assert page.has("a phone number")
    accept = page.one(f"[name=goal-{goal.id}-accepted]").attributes["value"]
    assert typed(coordinator, **fields, **{f"goal-{goal.id}-accepted": accept}).status == 303


def test_what_a_colleague_saved_meanwhile_is_shown_beside(coordinator: EngageClient) -> None:
    goal = a_goal()
    publish({goal.id: Called("Nobody waits", True)}, coordinator.membership)
    page = coordinator.send(EDIT, version="0", goals=[goal.id], **{f"goal-{goal.id}": "My own title"})
    assert page.status == 409
    assert page.has("Nobody waits")
    assert page.has("My own title")
    assert db.session.scalars(sa.select(PublicGoal.title)).one() == "Nobody waits"
    version = page.value("version")
    assert coordinator.send(
        EDIT, version=version, goals=[goal.id], **{f"goal-{goal.id}": "My own title"}
    ).status == 303  # fmt: skip


def test_another_coalitions_goals_measures_and_agreements_cannot_be_chosen(coordinator: EngageClient) -> None:
    own = a_goal()
    other = make_coalition(slug="elsewhere")
    theirs = make_goal(make_plan(coalition=other))
    measure = make_measure(make_objective(theirs))
    agreement = make_agreement("", organization=make_organization(coalition=other, name="Their partner"))
    for name, key in (("goals", theirs.id), ("measures", measure.id), ("partners", agreement.id)):
        page = typed(
            coordinator,
            **{
                name: [key],
                f"goal-{own.id}": "",
                f"goal-{theirs.id}": "Stolen",
                f"measure-{measure.id}": "Stolen",
                f"unit-{measure.id}": "stolen",
            },
        )
        assert page.status == 422
    # Fields that the form does not have are no one's: they are left out without a word.
    assert typed(coordinator, **{f"goal-{theirs.id}": "Stolen"}).status == 303
    for model in (PublicGoal, PublicMeasure, PublicPartner):
        assert db.session.scalar(sa.select(sa.func.count()).select_from(model)) == 0


@pytest.mark.parametrize("nasty", ["unheard-of", "-1", "1" + "0" * 30, "\x00", "١", ""])
def test_nonsense_among_the_ticks_is_refused_in_words(coordinator: EngageClient, nasty: str) -> None:
    goal = a_goal()
    page = typed(
        coordinator, goals=[nasty], measures=[nasty], partners=[nasty], **{f"goal-{goal.id}": "A title"}
    )
    assert page.status == 422
    assert page.value(f"goal-{goal.id}") == "A title"


@pytest.mark.parametrize("nasty", ["text\x00text", "x" * 201, "\u202eabc"])
def test_a_title_that_no_page_could_show_is_refused(coordinator: EngageClient, nasty: str) -> None:
    goal = a_goal()
    assert typed(coordinator, goals=[goal.id], **{f"goal-{goal.id}": nasty}).status == 422


def test_markup_in_a_title_is_text(client: EngageClient) -> None:
    page = client.page(publish({a_goal().id: Called("<script>alert(1)</script>", True)}))
    assert page.text(".public-goal h2") == "<script>alert(1)</script>"
    assert not page.all("main script")


def test_a_partner_without_consent_cannot_be_ticked(coordinator: EngageClient) -> None:
    a_goal()
    agreement = make_agreement("Silent Shelter", named=False)
    assert not coordinator.page(EDIT).has("Silent Shelter")
    assert typed(coordinator, partners=[agreement.id]).status == 422


def test_nothing_to_see_cannot_be_published(coordinator: EngageClient) -> None:
    goal = a_goal()
    assert coordinator.send(f"{EDIT}/publish").status == 409
    typed(coordinator, **{f"goal-{goal.id}": "Not ticked"})
    page = coordinator.send(f"{EDIT}/publish")
    assert page.status == 409
    assert page.has("There is nothing to see yet.")
    assert not coordinator.page(f"{EDIT}/preview").all("main form")


def test_without_a_current_plan_nothing_can_be_saved(coordinator: EngageClient) -> None:
    page = coordinator.page(EDIT)
    assert page.has("There is no current plan")
    assert page.all(".heading-row .head-tools a") == []  # there is nothing yet to see
    assert coordinator.send(EDIT, version="0").status == 409


@pytest.mark.parametrize("role", [Role.VIEWER, Role.MEMBER])
def test_no_one_but_a_coordinator_publishes(
    client_of: Callable[[Membership], EngageClient], role: Role
) -> None:
    url = publish({a_goal().id: Called("Nobody waits", True)})
    browser = client_of(make_membership(role=role))
    for path in (EDIT, f"{EDIT}/preview"):
        assert browser.get(path).status_code == 403
    for path in (EDIT, f"{EDIT}/publish", f"{EDIT}/revoke", f"{EDIT}/renew"):
        assert browser.send(path, version="1").status == 403
    assert browser.get(url).status_code == 200


def test_history_keeps_no_title(coordinator: EngageClient) -> None:
    goal = a_goal()
    typed(coordinator, goals=[goal.id], **{f"goal-{goal.id}": "Nobody waits"})
    entries = db.session.scalars(
        sa.select(HistoryEntry).where(HistoryEntry.thing == "reports_public_goal").order_by(HistoryEntry.id)
    ).all()
    assert [(each.field, each.old, each.new) for each in entries] == [
        ("title", None, None),
        ("is_shown", "hidden", "shown"),
    ]


# -- speed


def much(count: int) -> str:
    plan = make_plan()
    by = person()
    chosen, named, agreements = {}, {}, set()
    for number in range(count):
        goal = make_goal(plan)
        make_action(plan, goal)
        measure = make_measure(make_objective(goal))
        for day in range(count):
            make_reading(measure, 10 + day, date(2026, 2, 1) + timedelta(days=day))
        chosen[goal.id], named[measure.id] = Called("Shown", True), Called("Counted", True)
        agreements.add(make_agreement(f"Partner {number} of {count}").id)
    return publish(chosen, by, measures=named, agreements=frozenset(agreements))


def test_the_number_of_queries_does_not_grow(client: EngageClient, coordinator: EngageClient) -> None:
    counts = []
    for count in (1, 6):
        url = much(count)
        with counted_queries() as public:
            client.page(url)
        with counted_queries() as edit:
            coordinator.page(EDIT)
        counts.append((len(public), len(edit)))
        db.session.execute(sa.update(Plan).values(status=PlanStatus.CLOSED, closed_on=date(2026, 12, 31)))
        db.session.execute(sa.delete(PublicPage))
        db.session.execute(sa.delete(PublicPartner))
        db.session.commit()
    assert counts[0] == counts[1]
    assert counts[0][0] <= 11
