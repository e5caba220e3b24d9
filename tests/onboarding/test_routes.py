"""Getting Started over HTTP: the path, a coordinator's word on a step, the coalition's own numbers."""

from datetime import UTC, date, datetime, timedelta
from itertools import cycle
from typing import Any

import pytest
import sqlalchemy as sa
from msgspec.structs import asdict, replace

from engage import clock
from engage.assessment.questions import QuestionSet, frozen
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role, Stage
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.models import AgendaItem, Attendance
from engage.meetings.rules import MeetingKind, Mode, Outcome
from engage.onboarding.evidence.rules import Thresholds
from engage.onboarding.models import StepOverride, Threshold
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.partners.models import Contact
from engage.partners.rules import ContactPlace
from engage.plan.models import Plan
from engage.plan.review.models import Review
from engage.plan.rules import ActionStatus
from engage.strengths import service
from engage.strengths.models import Need, Strength
from engage.strengths.rules import RatingSource, StrengthKind
from engage.toolkit.models import Note
from tests import databases, factories
from tests.client import EngageClient
from tests.meetings.rows import make_decision, make_meeting

START = "/c/riverbend/start/"
WORDS = "We read the whole toolkit at the retreat."


@pytest.fixture(autouse=True)
def _after_the_first_evening(app: object) -> None:
    """The path leads once the first evening is over; until then, Getting Started says what Home says."""
    factories.the_coalition().first_evening_over = True
    db.session.commit()


def overrides() -> list[StepOverride]:
    return list(db.session.scalars(sa.select(StepOverride)))


def thresholds() -> dict[str, int]:
    return dict(db.session.execute(sa.select(Threshold.key, Threshold.value)).all())


def test_a_step_says_how_long_it_takes(member: EngageClient) -> None:
    facts = member.page(START).text("#onboarding-step-strategy-facts")
    assert "How long it takes One evening" in facts


def test_the_path_shows_its_steps_in_order(member: EngageClient) -> None:
    page = member.page(START)
    titles = page.texts(".step .panel-title")
    assert [title.split()[0] for title in titles] == ["1", "2", "3", "4", "5", "6", "7", "Keep"]
    assert page.has("0 of 7 steps are complete.")
    assert page.text("#onboarding-step-strategy .step-evidence") == (
        "0 of 2 people read the area pages. 0 of 6 areas have a shared note."
    )
    assert (
        page.text("#onboarding-step-assess .step-evidence")
        == "No round is closed yet. 0 of at least 5 people answered."
    )
    assert (
        page.text("#onboarding-step-plan .step-evidence") == "No plan is adopted yet. No goal is written yet."
    )


def test_one_step_is_next_and_has_the_one_primary_button(member: EngageClient) -> None:
    page = member.page(START)
    assert page.one(".next-card").attributes["id"] == "onboarding-step-assess"
    assert page.one(".btn-primary").attributes["href"] == "/c/riverbend/assessment/"


def test_who_is_new_for_more_than_a_year_is_asked_whether_they_still_are(
    coordinator: EngageClient, member: EngageClient
) -> None:
    coalition = coordinator.membership.coalition
    coalition.stage, coalition.created_at = Stage.NEW, clock.now() - timedelta(days=366)
    db.session.commit()
    page = coordinator.page(START)
    way = page.one("#onboarding-stage a").attributes["href"] or ""
    assert coordinator.get(way).status_code == 200
    assert not member.page(START).all("#onboarding-stage")
    for stage, days in ((Stage.NEW, 364), (Stage.EXISTING, 366), (None, 366)):
        coalition.stage, coalition.created_at = stage, clock.now() - timedelta(days=days)
        db.session.commit()
        assert not coordinator.page(START).all("#onboarding-stage")


def test_what_is_under_way_is_next_with_its_parts_and_a_bar(member: EngageClient) -> None:
    fill_strengths(member.membership, strengths=4, kinds=1, needs=0)
    page = member.page(START)
    assert page.one(".next-card").attributes["id"] == "onboarding-step-strengths"
    assert page.text("#onboarding-step-strengths .step-bar").endswith("0 of 4 parts done")
    assert page.one("#onboarding-step-strengths progress").attributes["value"] == "0"
    assert page.one("#onboarding-step-plan progress").attributes["value"] == "0"


def test_inviting_people_comes_first_for_a_coordinator_while_few_are_here(
    coordinator: EngageClient, member: EngageClient
) -> None:
    page = coordinator.page(START)
    assert page.one(".next-card").attributes["id"] == "onboarding-invite"
    assert "2 people take part." in page.text("#onboarding-invite .step-evidence")
    assert page.text(".btn-primary") == "Invite people"
    assert not member.page(START).all("#onboarding-invite")
    for _number in range(3):
        factories.make_membership()
    page = coordinator.page(START)
    assert not page.all("#onboarding-invite")
    assert page.one(".next-card").attributes["id"] == "onboarding-step-assess"


def test_a_complete_step_is_quiet_and_the_next_one_is_highlighted(coordinator: EngageClient) -> None:
    for name in ("Ana", "Ben"):
        factories.make_areas_read(factories.make_membership(name=name))
    for area in ("prevention", "identification", "response", "restoration", "reform", "collaboration"):
        factories.make_note(coordinator.membership, area=area)
    page = coordinator.page(START)
    strategy = page.one("#onboarding-step-strategy")
    assert "step-quiet" in (strategy.attributes["class"] or "")
    assert page.text("#onboarding-step-strategy .step-evidence") == (
        "2 of 2 people read the area pages. 6 of 6 areas have a shared note."
    )
    assert page.one(".next-card").attributes["id"] == "onboarding-invite"
    page.one("#onboarding-step-toolkit a[href$='/start/steps/toolkit']")
    assert page.has("1 of 7 steps are complete.")


def test_a_member_is_led_to_a_steps_work_and_decides_nothing(member: EngageClient) -> None:
    factories.make_step_override(member.membership, step="strategy")
    page = member.page(START)
    assert page.one(".next-card").attributes["id"] == "onboarding-step-assess"
    assert page.texts("#onboarding-step-toolkit .btn") == ["Go to the reading list"]
    assert not page.all("a[href*='/start/steps/']")


@pytest.mark.parametrize(
    ("stage", "labels"),
    [
        (None, ["New coalition", "Existing coalition"]),
        (Stage.NEW, ["Hint"]),
        (Stage.EXISTING, ["Hint"]),
    ],
)
def test_hints_fit_the_stage(stage: Stage | None, labels: list[str], member: EngageClient) -> None:
    factories.the_coalition().stage = stage
    db.session.commit()
    page = member.page(START)
    shown = page.texts("#onboarding-step-strategy dt")
    assert [label for label in shown if "coalition" in label or label == "Hint"] == labels
    assert page.has("Read it together and out loud.") is (stage is not Stage.EXISTING)
    assert page.has("Read it again with your newest members.") is (stage is not Stage.NEW)


def test_a_viewer_sees_the_path_without_names_and_buttons_of_others(viewer: EngageClient) -> None:
    decider = factories.make_membership(role=Role.COORDINATOR, name="Maria Santos")
    factories.make_step_override(decider, step="toolkit", reason=WORDS)
    page = viewer.page(START)
    assert page.has(WORDS)
    assert not page.has("Maria Santos")
    assert not page.all("a[href$='/people/']")
    assert not page.all("a[href*='/start/steps/']")
    assert not page.all("a[href$='/thresholds']")


def test_a_coordinator_marks_a_step_complete_with_a_sentence(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{START}steps/toolkit", reason=WORDS)
    assert (page.status, page.location) == (303, f"{START}#onboarding-step-toolkit")
    assert [(row.step, row.reason) for row in overrides()] == [("toolkit", WORDS)]
    shown = coordinator.page(START)
    assert "Maria Santos" in shown.text("#onboarding-step-toolkit .step-word")
    assert WORDS in shown.text("#onboarding-step-toolkit .step-word")
    entry = db.session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.thing, entry.field, entry.new) == ("onboarding_step_override", "step", "toolkit")


def test_marking_without_a_sentence_is_refused(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{START}steps/toolkit", reason="   ")
    assert page.status == 422
    assert page.errors == ["Say in a sentence how you know that it is complete."]
    assert not overrides()


@pytest.mark.parametrize("text", ["x" * 300_000, "We met.\x00", "Call Ana at 915-555-0142 about it."])
def test_a_refused_sentence_comes_back(text: str, coordinator: EngageClient) -> None:
    page = coordinator.send(f"{START}steps/toolkit", reason=text)
    assert page.status == 422
    assert len(page.value("reason")) >= len(text) - 1
    assert not overrides()


def test_a_step_is_marked_once(coordinator: EngageClient) -> None:
    factories.make_step_override(coordinator.membership, step="toolkit", reason=WORDS)
    page = coordinator.send(f"{START}steps/toolkit", reason="Again.")
    assert page.status == 409
    assert page.value("reason") == "Again."
    assert [row.reason for row in overrides()] == [WORDS]


def test_a_coordinator_takes_the_word_back(coordinator: EngageClient) -> None:
    factories.make_step_override(coordinator.membership, step="toolkit", reason=WORDS)
    assert coordinator.page(f"{START}steps/toolkit").has(WORDS)
    page = coordinator.send(f"{START}steps/toolkit/take-back")
    assert page.status == 303
    assert not overrides()
    assert not coordinator.page(START).all("#onboarding-step-toolkit .step-word")


@pytest.mark.parametrize(
    ("step", "name"),
    [("toolkit", "Go through the official toolkit together"), ("planning", "Host a planning session")],
)
def test_the_page_that_decides_names_its_step(step: str, name: str, coordinator: EngageClient) -> None:
    page = coordinator.page(f"{START}steps/{step}")
    assert page.text("h1") == f"Is “{name}” complete?"
    assert page.text("title").startswith(f"Is “{name}” complete? - ")


def test_nothing_to_take_back_is_a_conflict(coordinator: EngageClient) -> None:
    assert coordinator.send(f"{START}steps/toolkit/take-back").status == 409


def test_an_override_of_another_coalition_stays(coordinator: EngageClient) -> None:
    stranger = factories.make_membership(coalition=factories.make_coalition(), role=Role.COORDINATOR)
    factories.make_step_override(stranger, step="toolkit", reason=WORDS)
    assert coordinator.send(f"{START}steps/toolkit/take-back").status == 409
    assert not coordinator.page(START).has(WORDS)
    assert len(overrides()) == 1


def test_an_unknown_step_does_not_exist(coordinator: EngageClient) -> None:
    assert coordinator.get(f"{START}steps/nothing").status_code == 404
    assert coordinator.send(f"{START}steps/nothing", reason=WORDS).status == 404


@pytest.mark.parametrize("path", ["steps/toolkit", "steps/toolkit/take-back", "thresholds"])
def test_members_and_viewers_decide_nothing(path: str, member: EngageClient, viewer: EngageClient) -> None:
    for client in (member, viewer):
        assert client.send(f"{START}{path}", reason=WORDS).status == 403
    assert not overrides()


def test_own_numbers_are_saved_only_where_they_differ(coordinator: EngageClient) -> None:
    usual = asdict(Thresholds())
    assert coordinator.send(f"{START}thresholds", **{**usual, "people_read": 4}).status == 303
    assert thresholds() == {"people_read": 4}
    assert coordinator.page(f"{START}thresholds").value("people_read") == "4"
    assert coordinator.page(START).has("0 of 4 people read the area pages.")
    entry = db.session.scalars(sa.select(HistoryEntry)).one()
    assert (entry.field, entry.old, entry.new) == ("people_read", "2", "4")
    assert coordinator.send(f"{START}thresholds", **{**usual, "people_read": 6}).status == 303
    assert thresholds() == {"people_read": 6}
    assert coordinator.send(f"{START}thresholds", **usual).status == 303
    assert thresholds() == {}


@pytest.mark.parametrize("value", ["0", "51", "-1", "", "many", "9" * 400])
def test_a_number_out_of_bounds_is_refused(value: str, coordinator: EngageClient) -> None:
    page = coordinator.send(f"{START}thresholds", **{**asdict(Thresholds()), "people_read": value})
    assert page.status == 422
    assert len(page.errors) == 1
    assert page.value("people_read") == value
    assert thresholds() == {}


def answered_round(people: int, sectors: int, *, closed: bool, **overrides: Any) -> None:
    """Makes a round in which so many people from so many sectors answered every question."""
    said = {each.key: "dont_know" for each in content().indicators}
    responses = [(content().sectors[number % sectors].key, said) for number in range(people)]
    if closed:
        factories.make_closed_round(responses, **overrides)
        return
    round_ = factories.make_round(**overrides)
    for sector, answers in responses:
        factories.make_response(round_, factories.make_membership(user=None), answers, sector=sector)


def test_a_closed_round_with_enough_answers_completes_the_assessment(member: EngageClient) -> None:
    answered_round(people=5, sectors=3, closed=True)
    page = member.page(START)
    assert page.text("#onboarding-step-assess .tag") == "Done"
    assert page.text("#onboarding-step-assess .step-evidence") == (
        "1 round is closed. 5 of at least 5 people answered. They come from 3 of 3 sectors. "
        "In 6 of 6 areas, 60% or more of the questions have enough answers to be shown."
    )


def test_a_closed_round_with_fewer_than_k_counts_as_empty(member: EngageClient) -> None:
    answered_round(people=2, sectors=2, closed=True)
    assert member.page(START).text("#onboarding-step-assess .step-evidence") == (
        "1 round is closed. 0 of at least 5 people answered."
    )


def test_a_round_of_fewer_questions_is_measured_by_what_it_asked(member: EngageClient) -> None:
    whole = frozen(content(), "en")
    prevention, rest = whole.areas[0], whole.areas[2:]
    few = QuestionSet("en", whole.scale, (replace(prevention, questions=prevention.questions[:2]), *rest))
    answered_round(people=5, sectors=3, closed=True, questions=few.to_json())
    page = member.page(START)
    assert page.text("#onboarding-step-assess .tag") == "Done"
    assert "In 5 of 5 areas" in page.text("#onboarding-step-assess .step-evidence")


@pytest.mark.parametrize(("answers", "areas"), [(0, 0), (1, 0), (2, 0), (3, 1)])
def test_what_fewer_than_k_people_answered_moves_no_count(
    answers: int, areas: int, member: EngageClient
) -> None:
    """Of an area's five questions three are needed: two have enough answers, the third has so many."""
    whole = frozen(content(), "en")
    asked = replace(whole.areas[0], questions=whole.areas[0].questions[:5])
    first, second, third, *_rest = [question.key for question in asked.questions]
    said = [
        {first: 2, second: "dont_know", **({third: 2} if number < answers else {})} for number in range(3)
    ]
    questions = QuestionSet("en", whole.scale, (asked,)).to_json()
    factories.make_closed_round([("health", each) for each in said], questions=questions)
    assert f"In {areas} of 1 areas" in member.page(START).text("#onboarding-step-assess .step-evidence")


@pytest.mark.parametrize("people", [0, 2, 6])
def test_an_open_round_is_under_way_and_shows_no_count(people: int, coordinator: EngageClient) -> None:
    answered_round(people=people, sectors=2, closed=False)
    page = coordinator.page(START)
    assert page.text("#onboarding-step-assess .tag") in {"Next", "Under way"}
    assert page.text("#onboarding-step-assess .step-evidence") == (
        "A round is open. You will see how many answered when it is closed."
    )


def test_beside_a_closed_round_an_open_one_changes_nothing(member: EngageClient) -> None:
    answered_round(people=5, sectors=3, closed=True)
    before = member.page(START).text("#onboarding-step-assess")
    answered_round(people=9, sectors=5, closed=False)
    assert member.page(START).text("#onboarding-step-assess") == before


def fill_strengths(giver: Membership, *, strengths: int = 10, kinds: int = 3, needs: int = 3) -> list[Need]:
    """Makes so many strengths of so many kinds and so many needs, none of them answered."""
    for number in range(strengths):
        kind = list(StrengthKind)[number % kinds] if kinds else None
        service.add_strength(giver, title=f"Strength {number}", kind=kind)
    made = [service.create_need(giver, title=f"Need {n}", stated_gap=2) for n in range(needs)]
    db.session.commit()
    return made


def test_the_strengths_step_counts_strengths_kinds_needs_and_matches(member: EngageClient) -> None:
    assert member.page(START).text("#onboarding-step-strengths .step-evidence") == (
        "0 of 10 strengths are on the list. They cover 0 of 3 kinds. 0 of 3 needs are chosen. "
        "0 of 3 needs have a match or are marked as without a strength."
    )
    needs = fill_strengths(member.membership, strengths=4, kinds=2)
    page = member.page(START)
    assert page.text("#onboarding-step-strengths .tag") == "Next"
    assert page.text("#onboarding-step-strengths .step-evidence") == (
        "4 of 10 strengths are on the list. They cover 2 of 3 kinds. 3 of 3 needs are chosen. "
        "0 of 3 needs have a match or are marked as without a strength."
    )
    fill_strengths(member.membership, strengths=7, needs=0)
    strength = db.session.scalars(sa.select(Strength)).first()
    for need in needs[:2]:
        service.match(member.membership, db.session.get_one(Need, need.id), strength)
    db.session.get_one(Need, needs[2].id).no_strength_on = date(2026, 11, 1)
    db.session.commit()
    page = member.page(START)
    assert page.text("#onboarding-step-strengths .tag") == "Done"
    assert page.text("#onboarding-step-strengths .step-evidence").startswith(
        "11 strengths are on the list; 10 are"
    )


def test_a_step_opens_again_when_its_records_go(coordinator: EngageClient) -> None:
    fill_strengths(coordinator.membership)
    for need in db.session.scalars(sa.select(Need)):
        need.no_strength_on = date(2026, 11, 1)
    sections = [factories.make_section(title=f"Report {n}") for n in range(3)]
    for section in sections:
        factories.make_reader(section, coordinator.membership)
        factories.make_note(coordinator.membership, section=section)
    db.session.commit()
    page = coordinator.page(START)
    assert (
        page.text("#onboarding-step-strengths .tag") == page.text("#onboarding-step-toolkit .tag") == "Done"
    )
    assert page.text("#onboarding-step-toolkit .step-evidence") == (
        "3 of 3 sections have a reader and a shared note."
    )
    db.session.delete(db.session.scalars(sa.select(Strength)).first())
    db.session.execute(sa.delete(Note).where(Note.section_id == sections[0].id))
    db.session.commit()
    page = coordinator.page(START)
    assert page.text("#onboarding-step-strengths .step-evidence").startswith(
        "9 of 10 strengths are on the list."
    )
    assert page.text("#onboarding-step-toolkit .step-evidence") == (
        "2 of 3 sections have a reader and a shared note."
    )


def test_a_word_given_before_the_records_came_still_holds(member: EngageClient) -> None:
    for step in ("toolkit", "strengths"):
        factories.make_step_override(member.membership, step=step, reason=WORDS)
    page = member.page(START)
    for step in ("toolkit", "strengths"):
        assert page.text(f"#onboarding-step-{step} .tag") == "Done"
        assert WORDS in page.text(f"#onboarding-step-{step} .step-word")


def test_the_relationships_step_is_about_contacts_conversations_and_missing_sectors(
    member: EngageClient,
) -> None:
    def step() -> tuple[str, str]:
        page = member.page(START)
        found = "#onboarding-step-relationships"
        # Which of those under way is next depends on the others.
        tag = page.text(f"{found} .tag").replace("Next", "Under way")
        return tag, page.text(f"{found} .step-evidence")

    expected = [sector.key for sector in content().sectors if sector.expected]
    assert step() == (
        "Not started",
        f"0 of 5 organizations have a main contact. No expected sector has an organization on the list yet. "
        f"0 of {len(expected)} expected sectors are filled, or someone will invite them by a set date.",
    )
    of = {"coalition_id": member.membership.coalition_id}
    organizations = [factories.make_organization(sector=key) for key in expected[:6]]
    factories.make_organization(sector="media")  # not expected: nothing counts it
    factories.make_affiliation(factories.make_membership())  # a resident
    for organization in organizations[:5]:
        factories.saved(
            Contact(
                **of, organization_id=organization.id, place=ContactPlace.MAIN, name="Ann", sort_key="ann"
            )
        )
    recruitments = [
        factories.saved(
            Recruitment(**of, sector=key, inviter_id=member.membership.id, created_at=clock.now())
        )
        for key in expected[6:]
        if key != "residents"
    ]
    assert step() == (
        "Under way",
        f"5 of 5 organizations have a main contact. In 0 of 6 sectors with an organization, a conversation is "
        f"logged. 7 of {len(expected)} expected sectors are filled, or someone will invite them by a set date.",
    )
    for recruitment in recruitments:
        db.session.get_one(Recruitment, recruitment.id).ask_by = date(2027, 1, 15)
    for organization in organizations:
        member.send(
            f"/c/riverbend/partners/{organization.id}/conversations/new",
            happened_on="2026-05-01",
            level="",
            note="",
            with_whom="",
        )
    assert step()[0] == "Done"
    closed = db.session.get_one(Recruitment, recruitments[0].id)
    closed.closed_on, closed.outcome = date(2026, 6, 1), RecruitmentOutcome.GIVEN_UP
    db.session.commit()
    assert step()[0] == "Under way"


def test_the_planning_step_is_about_tips_a_session_needs_and_decisions(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    def step() -> tuple[str, str]:
        page = coordinator.page(START)
        found = "#onboarding-step-planning"
        # Which of those under way is next depends on the others.
        tag = page.text(f"{found} .tag").replace("Next", "Under way")
        return tag, page.text(f"{found} .step-evidence")

    items = [
        item
        for tip in content().tips
        for item in tip.items
        if item.fits(coordinator.membership.coalition.stage)
    ]
    enough = -(-len(items) * 30 // 100)
    assert step() == (
        "Not started",
        f"0 of {enough} Tips for Success items have a status. No planning session is closed yet. "
        f"0 of 3 needs have their importance and feasibility.",
    )
    for item, state in zip(
        items[:enough], cycle([ItemState.IN_PROGRESS, ItemState.DONE, ItemState.NOT_FOR_US]), strict=False
    ):
        factories.make_item(key=item.key, state=state)
    who, past = coordinator.membership, datetime(2026, 3, 4, tzinfo=UTC)
    first, second = (
        make_meeting(who, kind=MeetingKind.PLANNING_SESSION, starts_at=past + timedelta(days=14 * part))
        for part in range(2)
    )
    # Another kind of meeting is no planning session, nor is one that is not closed.
    make_meeting(who, starts_at=past, closed_at=clock.now())
    came = {"coalition_id": who.coalition_id, "mode": Mode.HERE}
    factories.saved(Attendance(**came, meeting_id=first.id, guest="Ann", sector="faith"))
    factories.saved(Attendance(**came, meeting_id=first.id, guest="Ben", sector=""))
    factories.saved(
        Attendance(**{**came, "mode": Mode.EXCUSED}, meeting_id=first.id, guest="Cy", sector="media")
    )
    factories.saved(Attendance(**came, meeting_id=second.id, guest="Dee", sector="faith"))
    factories.saved(
        Attendance(**{**came, "mode": Mode.ONLINE}, meeting_id=second.id, guest="Eve", sector="health")
    )
    rated = {
        "importance": 4,
        "feasibility": 3,
        "rating_source": RatingSource.VOTE,
        "rated_on": date(2026, 3, 4),
    }
    for number in range(1, 5):
        need = {"number": number, "title": "Beds", "stated_gap": 2, "created_at": clock.now()}
        factories.saved(Need(coalition_id=who.coalition_id, **need, **(rated if number < 4 else {})))
    assert step()[1].startswith(f"{enough} of {enough} Tips for Success items have a status. No planning")
    for meeting in (first, second):
        meeting.closed_at = clock.now()
    db.session.commit()
    assert step() == (
        "Under way",
        f"{enough} of {enough} Tips for Success items have a status. 2 planning sessions were held. "
        "People from 2 of 3 sectors were there. 3 of 3 needs have their importance and feasibility. "
        "None of its decisions is written down yet.",
    )
    assert (
        coordinator.send(f"{START}thresholds", **{**asdict(Thresholds()), "session_sectors": 2}).status == 303
    )
    first.closed_at = None
    db.session.commit()
    make_decision(first, who)
    first.closed_at = clock.now()
    db.session.commit()
    assert step()[0] == "Done"
    assert "1 of its decisions is written down." in step()[1]
    # Each sentence leads to where its part is done, for who may open it.
    places = {"planning": ["checklist", "meetings", "meetings", "strengths/needs", "meetings/decisions"]}
    places["relationships"] = ["partners", "partners", "partners/coverage"]
    for key, wanted in places.items():
        found = f"#onboarding-step-{key} .step-evidence a"
        at = [link.attributes["href"] or "" for link in coordinator.page(START).all(found)]
        assert [each.partition("?")[0] for each in at] == [f"/c/riverbend/{each}/" for each in wanted]
        assert all(coordinator.get(each).status_code == 200 for each in at)
        for link in viewer.page(START).all(found):
            assert viewer.get(link.attributes["href"] or "").status_code == 200
    assert len(viewer.page(START).all("#onboarding-step-planning .step-evidence a")) == 1


def test_another_coalitions_session_completes_nothing(coordinator: EngageClient) -> None:
    theirs = factories.make_membership(coalition=factories.make_coalition())
    make_meeting(
        theirs,
        kind=MeetingKind.PLANNING_SESSION,
        starts_at=datetime(2026, 3, 4, tzinfo=UTC),
        closed_at=clock.now(),
    )
    assert coordinator.page(START).has("No planning session is closed yet.")


def test_the_plan_step_counts_what_hangs_together(member: EngageClient) -> None:
    plan = factories.make_plan()
    goal = factories.make_goal(plan)
    objective = factories.make_objective(goal)
    page = member.page(START)
    assert page.text("#onboarding-step-plan .step-evidence") == (
        "A plan is adopted. The plan has 1 goal. 1 of 1 goal has an objective. 0 of 1 goal has a measure. "
        "0 of 1 objective has an action with an owner and a due date."
    )
    factories.make_action(plan, objective=objective, owner_id=member.membership.id, due_on=date(2026, 12, 1))
    assert member.page(START).text("#onboarding-step-plan .tag") == "Next"
    factories.make_measure(objective)
    assert member.page(START).text("#onboarding-step-plan .tag") == "Done"


KEPT = "#onboarding-step-keep_going"


def held_review(plan: Plan, held_on: date, **values: Any) -> None:
    factories.saved(
        Review(
            coalition_id=plan.coalition_id,
            plan_id=plan.id,
            since=held_on - timedelta(days=90),
            until=held_on,
            held_on=held_on,
            created_at=clock.now(),
            **values,
        )
    )


def test_keeping_it_alive_follows_reviews_and_says_the_next_days(member: EngageClient) -> None:
    assert member.page(START).text(f"{KEPT} .step-evidence") == (
        "The plan has not been reviewed yet. No date is set for the next assessment."
    )
    today = clock.today("America/Chicago")
    plan = factories.make_plan(adopted_on=date(2026, 1, 5))
    assert member.page(START).has("The plan has not been reviewed yet. First review: by April 6, 2026.")

    held_review(plan, today - timedelta(days=92))
    page = member.page(START)
    assert page.has("; the next review was due by ")
    assert page.text(f"{KEPT} .tag") == "Not started"

    held_review(plan, today - timedelta(days=2), next_on=date(2099, 2, 3), assess_on=date(2099, 10, 1))
    page = member.page(START)
    assert page.text(f"{KEPT} .step-evidence").endswith(
        "the next review is due by February 3, 2099. The next assessment is planned by October 1, 2099."
    )
    assert page.text(f"{KEPT} .tag") == "Up to date"
    assert page.all(f'{KEPT} .step-evidence a[href="/c/riverbend/plan/review"]')


def test_what_gets_stuck_waits_to_be_talked_about(coordinator: EngageClient) -> None:
    plan = factories.make_plan()
    day = clock.today("America/Chicago") - timedelta(days=2)
    held_review(plan, day, assess_on=date(2099, 10, 1))
    long_ago = clock.now() - timedelta(days=30)
    for number in (1, 2, 3):
        factories.make_action(
            plan, number=number, status=ActionStatus.STUCK, reason="Help", created_at=long_ago
        )
    assert coordinator.page(START).has("3 of 3 stuck actions were discussed since they got stuck.")
    for number in (2, 3):
        address = f"/c/riverbend/plan/actions/{number}"
        coordinator.send(f"{address}/move", version=1, status="under_way")
        coordinator.send(f"{address}/move", version=2, status="stuck", reason="Help again")
    page = coordinator.page(START)
    assert page.has("1 of 3 stuck actions were discussed since they got stuck.")
    assert page.text(f"{KEPT} .tag") == "Under way"
    now = clock.now()
    meeting = make_meeting(coordinator.membership, starts_at=now + timedelta(hours=1), closed_at=now)
    for number, outcome in ((2, Outcome.DONE), (3, Outcome.NOT_REACHED)):
        factories.saved(
            AgendaItem(
                coalition_id=plan.coalition_id,
                meeting_id=meeting.id,
                position=number,
                title="A stuck action",
                about=f"action:{number}",
                outcome=outcome,
            )
        )
    assert coordinator.page(START).has("2 of 3 stuck actions were discussed since they got stuck.")


def test_how_often_the_plan_is_reviewed_is_the_coalitions_choice(coordinator: EngageClient) -> None:
    plan = factories.make_plan(adopted_on=date(2026, 1, 5))
    held_review(plan, date(2026, 1, 5))
    coordinator.send(f"{START}thresholds", **{**asdict(Thresholds()), "review_weeks": 4})
    assert coordinator.page(START).has("the next review was due by February 2, 2026.")


def test_home_asks_for_nothing_of_what_comes_after_the_seven_steps(coordinator: EngageClient) -> None:
    with databases.counted_queries() as queries:
        coordinator.page("/c/riverbend/")
    assert not [each for each in queries if "plan_review" in each]


def test_the_number_of_queries_does_not_grow(coordinator: EngageClient) -> None:
    plan = factories.make_plan()
    coordinator.page(START)
    with databases.counted_queries() as few:
        coordinator.page(START)
    for key in ("toolkit", "strengths", "relationships", "planning", "keep_going"):
        person = factories.make_membership()
        factories.make_areas_read(person)
        factories.make_note(person, area="prevention")
        factories.make_step_override(coordinator.membership, step=key)
        answered_round(people=2, sectors=2, closed=True)
        factories.make_objective(factories.make_goal(plan))
        session = make_meeting(
            person,
            kind=MeetingKind.PLANNING_SESSION,
            starts_at=datetime(2026, 3, 4, tzinfo=UTC),
            closed_at=clock.now(),
        )
        for guest, sector in (("Ann", "faith"), ("Ben", "health")):
            came = {"coalition_id": session.coalition_id, "meeting_id": session.id}
            factories.saved(Attendance(**came, guest=guest, sector=sector))
    with databases.counted_queries() as many:
        coordinator.page(START)
    assert len(many) == len(few) <= 17
