"""Agreements over HTTP: the list and its filters, recording one, its moves, renewal, naming, links."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage.coalitions.models import Membership
from engage.dates import medium_day
from engage.extensions import db
from engage.history import HistoryEntry
from engage.partners.agreements import service as agreements_service
from engage.partners.agreements.models import Agreement, AgreementMove
from engage.partners.merging import service as merging_service
from engage.partners.rules import AgreementKind, AgreementState
from engage.plan.actions.service import create_action
from engage.plan.models import Action
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_organization, make_plan
from tests.partners.agreements.rows import TODAY, make_agreement
from tests.strengths.rows import make_need

Client = Callable[[Membership], EngageClient]
BASE = "/c/riverbend/partners/agreements/"
NEW = {"kind": "mou", "state": "signed", "since": "2026-03-01", "notice": "", "review": ""}


def the_agreement() -> Agreement:
    return db.session.scalars(sa.select(Agreement)).one()


def moves() -> list[tuple[str | None, str, date]]:
    rows = sa.select(AgreementMove).order_by(AgreementMove.id)
    return [(move.before, move.after, move.happened_on) for move in db.session.scalars(rows)]


def history_of(field: str) -> list[tuple[str | None, str | None]]:
    rows = sa.select(HistoryEntry.old, HistoryEntry.new).where(
        HistoryEntry.thing == "partners_agreement", HistoryEntry.field == field
    )
    return [(old, new) for old, new in db.session.execute(rows.order_by(HistoryEntry.id))]


# -- writing one down


def test_a_signed_agreement_is_written_down_with_dates_by_rule(coordinator: EngageClient) -> None:
    church = make_organization(name="Grace Church", sector="faith")
    page = coordinator.send(
        f"{BASE}new",
        **{**NEW, "since": "2028-02-29", "state": "drafting"},
        organization_id=church.id,
        ends_on="2029-01-31",
    )
    assert page.status == 422
    assert page.has("This day is in the future.")
    page = coordinator.send(
        f"{BASE}new",
        **{**NEW, "since": "2024-02-29", "notice": "2", "review": "3"},
        organization_id=church.id,
        owner_id=coordinator.membership.id,
        title="Host families",
        ends_on="2027-04-30",
        we_promised="Training twice a year.",
        they_promised="Twelve families.",
    )
    made = the_agreement()
    assert (page.status, page.location) == (303, f"{BASE}1")
    assert (made.number, made.kind, made.state, made.owner_id) == (
        1,
        AgreementKind.MOU,
        AgreementState.SIGNED,
        coordinator.membership.id,
    )
    assert (made.signed_on, made.review_on, made.notice_on, made.ends_on) == (
        date(2024, 2, 29),
        date(2027, 2, 28),
        date(2027, 2, 28),
        date(2027, 4, 30),
    )
    assert moves() == [(None, "signed", date(2024, 2, 29))]
    shown = coordinator.page(page.location)
    assert shown.text("h1") == "Host families (Grace Church)"
    for words in (
        "Feb 29, 2024",
        "Apr 30, 2027",
        "Feb 28, 2027",
        "Training twice a year.",
        "Twelve families.",
    ):
        assert words in shown.text("#partners-agreement")


def test_an_organization_in_the_address_is_chosen_already(coordinator: EngageClient) -> None:
    make_organization(name="A first one")
    church = make_organization(name="Grace Church")
    page = coordinator.page(f"{BASE}new?organization={church.id}")
    assert page.value("organization_id") == str(church.id)
    assert coordinator.page(f"{BASE}new?organization=x").value("organization_id") == "0"


def test_what_is_missing_is_said_and_what_was_typed_stays(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{BASE}new", state="signed", they_promised="Rooms.", notice="3", review="day")
    assert page.status == 422
    for words in (
        "Choose the organization.",
        "Choose what kind of agreement it is.",
        "Enter the date.",
        "Enter the end date first: the renewal starts before it.",
    ):
        assert page.has(words)
    assert page.value("they_promised") == "Rooms."
    assert db.session.scalar(sa.select(Agreement.id)) is None


def test_a_day_to_choose_is_asked_for(coordinator: EngageClient) -> None:
    church = make_organization()
    page = coordinator.send(
        f"{BASE}new",
        **{**NEW, "notice": "day", "review": "day"},
        organization_id=church.id,
        ends_on="2027-01-01",
    )
    assert page.status == 422
    assert page.html.count("Choose the day.") >= 2


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"ends_on": "2026-02-28"}, "It would end before it was signed."),
        ({"review": "day", "review_on": "2026-02-28"}, "The review would be before it was signed."),
        ({"notice": "day", "notice_on": "2027-01-02", "ends_on": "2027-01-01"}, "This is after the end."),
        ({"since": "2099-01-01"}, "This day is in the future."),
    ],
)
def test_dates_in_the_wrong_order_are_refused(
    coordinator: EngageClient, fields: dict[str, str], words: str
) -> None:
    church = make_organization()
    page = coordinator.send(f"{BASE}new", **{**NEW, **fields}, organization_id=church.id)
    assert page.status == 422
    assert page.has(words)
    assert db.session.scalar(sa.select(Agreement.id)) is None


def test_another_coalitions_organization_is_no_choice(coordinator: EngageClient) -> None:
    theirs = make_organization(name="Elsewhere", coalition=make_coalition())
    page = coordinator.send(f"{BASE}new", **NEW, organization_id=theirs.id)
    assert page.status == 422
    assert db.session.scalar(sa.select(Agreement.id)) is None


def test_numbers_are_each_coalitions_own(coordinator: EngageClient) -> None:
    elsewhere = make_membership(coalition=make_coalition())
    assert (
        make_agreement(elsewhere, make_organization(name="Theirs", coalition=elsewhere.coalition)).number == 1
    )
    church = make_organization()
    assert [make_agreement(coordinator.membership, church).number for _n in range(2)] == [1, 2]


# -- editing


def test_editing_shows_rules_again_and_moves_what_is_counted(coordinator: EngageClient) -> None:
    make_agreement(
        coordinator.membership,
        ends_on=date(2027, 3, 31),
        notice_on=date(2027, 2, 28),
        review_on=date(2027, 3, 1),
    )
    page = coordinator.page(f"{BASE}1/edit")
    assert (page.value("notice"), page.value("review"), page.value("signed_on")) == ("1", "1", "2026-03-01")
    fields = {"organization_id": the_agreement().organization_id, "kind": "pledge", "owner_id": 0}
    page = coordinator.send(
        f"{BASE}1/edit",
        version=1,
        **fields,
        signed_on="2026-03-02",
        ends_on="2028-03-31",
        notice="1",
        review="1",
    )
    assert page.status == 303
    now = the_agreement()
    assert (now.kind, now.notice_on, now.review_on) == (
        AgreementKind.PLEDGE,
        date(2028, 2, 29),
        date(2027, 3, 2),
    )
    # The day of the signature is put right in its story, too.
    assert moves() == [(None, "signed", date(2026, 3, 2))]
    assert history_of("ends_on") == [("2027-03-31", "2028-03-31")]
    fields |= {"notice": "", "review": ""}
    page = coordinator.send(f"{BASE}1/edit", version=2, **fields, signed_on="2099-01-01")
    assert page.status == 422
    assert page.has("This day is in the future.")
    page = coordinator.send(
        f"{BASE}1/edit", version=2, **fields, signed_on="2026-03-02", ends_on="2026-03-01"
    )
    assert page.status == 422
    assert page.has("It would end before it was signed.")
    assert the_agreement().ends_on == date(2028, 3, 31)


def test_a_day_that_no_rule_gives_is_shown_as_a_day(coordinator: EngageClient) -> None:
    make_agreement(
        coordinator.membership,
        ends_on=date(2027, 3, 31),
        notice_on=date(2027, 2, 27),
        review_on=date(2026, 9, 9),
    )
    page = coordinator.page(f"{BASE}1/edit")
    assert (page.value("notice"), page.value("notice_on")) == ("day", "2027-02-27")
    assert (page.value("review"), page.value("review_on")) == ("day", "2026-09-09")


def test_of_two_who_edit_at_once_the_second_sees_both_texts(coordinator: EngageClient) -> None:
    agreement = make_agreement(coordinator.membership)
    fields = {"organization_id": agreement.organization_id, "kind": "mou", "owner_id": 0}
    fields |= {"signed_on": "2026-03-01", "notice": "", "review": ""}
    coordinator.send(f"{BASE}1/edit", version=1, they_promised="Ten beds.", **fields)
    page = coordinator.send(f"{BASE}1/edit", version=1, they_promised="Twelve beds.", **fields)
    assert page.status == 409
    assert page.texts(".conflict-text") == ["Ten beds.", "Twelve beds."]
    assert (page.value("they_promised"), page.value("version")) == ("Twelve beds.", "2")
    assert the_agreement().they_promised == "Ten beds."
    assert coordinator.send(f"{BASE}1/edit", version=2, they_promised="Twelve beds.", **fields).status == 303
    # Of a text history says that it changed, and nothing more.
    assert history_of("they_promised") == [(None, None), (None, None)]


def test_personal_details_in_a_promise_are_warned_of(coordinator: EngageClient) -> None:
    church = make_organization()
    page = coordinator.send(f"{BASE}new", **NEW, organization_id=church.id, we_promised="Call 615-555-0187")
    assert page.status == 422
    assert page.has("This looks like it contains a phone number")


def test_whoever_has_left_stays_until_another_is_named(coordinator: EngageClient) -> None:
    gone = make_membership(name="Pat Gone")
    make_agreement(coordinator.membership, owner_id=gone.id)
    gone.left_on = TODAY
    db.session.commit()
    page = coordinator.page(f"{BASE}1/edit")
    assert page.value("owner_id") == str(gone.id)
    assert "Pat Gone" in page.texts("#owner_id option")


# -- moves


def test_each_move_is_kept_with_its_day_and_its_note(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership, state=AgreementState.DRAFTING)
    page = coordinator.page(f"{BASE}1")
    assert page.texts("#partners-agreement-next a") == [
        "Waiting for their board",
        "Mark as signed",
        "Mark as declined",
        "Mark as ended",
    ]
    sent = coordinator.send(
        f"{BASE}1/move/with_board", version=1, happened_on="2026-04-01", note="They meet in May."
    )
    assert (sent.status, sent.location) == (303, f"{BASE}1")
    form = coordinator.page(f"{BASE}1/move/signed")
    assert form.value("review") == "1"
    coordinator.send(
        f"{BASE}1/move/signed",
        version=2,
        happened_on="2026-05-31",
        ends_on="2027-05-31",
        notice="3",
        review="1",
    )
    now = the_agreement()
    assert (now.state, now.signed_on, now.notice_on, now.review_on) == (
        AgreementState.SIGNED,
        date(2026, 5, 31),
        date(2027, 2, 28),
        date(2027, 5, 31),
    )
    assert moves() == [
        (None, "drafting", date(2026, 3, 1)),
        ("drafting", "with_board", date(2026, 4, 1)),
        ("with_board", "signed", date(2026, 5, 31)),
    ]
    told = coordinator.page(f"{BASE}1").text("#partners-moves")
    for words in ("May 31, 2026 Signed until May 31, 2027", "They meet in May.", "Mar 1, 2026 Drafting"):
        assert words in told
    assert history_of("state") == [("drafting", "with_board"), ("with_board", "signed")]


def test_a_signed_one_goes_back_only_with_a_reason_and_is_signed_no_more(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership)
    page = coordinator.send(f"{BASE}1/move/drafting", version=1, happened_on="2026-04-01")
    assert page.status == 422
    assert page.has("Say why, so that it is clear later.")
    assert the_agreement().state is AgreementState.SIGNED
    sent = coordinator.send(
        f"{BASE}1/move/drafting", version=1, happened_on="2026-04-01", note="Their lawyer asks for changes."
    )
    assert sent.status == 303
    now = the_agreement()
    assert (now.state, now.signed_on) == (AgreementState.DRAFTING, None)
    told = coordinator.page(f"{BASE}1").text("#partners-moves")
    assert "Signature withdrawn: Drafting" in told
    # It was signed once: it is not deleted.
    assert coordinator.page(f"{BASE}1").all("a[href$='/delete']") == []
    assert coordinator.send(f"{BASE}1/delete").status == 409


@pytest.mark.parametrize(
    ("day", "words"),
    [
        ("2026-02-28", "This is before the last change."),
        ("2099-01-01", "This day is in the future."),
        ("", "Enter the date."),
    ],
)
def test_a_move_has_a_day_between_the_last_one_and_today(
    coordinator: EngageClient, day: str, words: str
) -> None:
    make_agreement(coordinator.membership)
    page = coordinator.send(f"{BASE}1/move/ended", version=1, happened_on=day)
    assert page.status == 422
    assert page.has(words)
    assert the_agreement().state is AgreementState.SIGNED


def test_a_move_that_there_is_not_is_refused(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership)
    assert coordinator.get(f"{BASE}1/move/declined").status_code == 409
    page = coordinator.send(f"{BASE}1/move/declined", version=1, happened_on="2026-04-01")
    assert page.status == 409
    assert page.has("The agreement cannot change from Signed to Declined.")
    assert coordinator.get(f"{BASE}1/move/lost").status_code == 404


def test_of_two_who_move_it_at_once_the_second_sees_both(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership, state=AgreementState.DRAFTING)
    coordinator.send(f"{BASE}1/move/with_board", version=1, happened_on="2026-04-01")
    page = coordinator.send(f"{BASE}1/move/declined", version=1, happened_on="2026-05-01", note="No money.")
    assert page.status == 409
    assert page.has("Someone saved this after you opened it")
    assert page.value("note") == "No money."
    assert the_agreement().state is AgreementState.WITH_BOARD


def test_an_agreement_whose_end_has_passed_has_expired(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership, ends_on=TODAY - timedelta(days=3))
    page = coordinator.page(f"{BASE}1")
    assert page.text("h1 + .lead .tag") == "Expired"
    assert "3 days ago" in page.text("h1 + .lead")
    assert coordinator.page(f"{BASE}?state=expired").texts(".agreement-table .tag") == [
        "Expired",
        "3 days ago",
    ]
    assert coordinator.page(f"{BASE}?state=signed").all(".agreement-table tbody tr") == []


# -- renewing


def test_renewing_sets_new_dates_and_keeps_the_old_in_its_story(coordinator: EngageClient) -> None:
    end = TODAY + timedelta(days=20)
    make_agreement(coordinator.membership, ends_on=end)
    page = coordinator.page(f"{BASE}1/renew")
    assert page.value("ends_on") == end.replace(year=end.year + 1).isoformat()
    fields = {"version": 1, "happened_on": TODAY.isoformat(), "notice": "1", "review": "1"}
    page = coordinator.send(f"{BASE}1/renew", **fields, ends_on=end.isoformat())
    assert page.status == 422
    assert page.has("Choose a day after its current end.")
    page = coordinator.send(f"{BASE}1/renew", **fields, ends_on="2031-03-31")
    assert page.status == 303
    now = the_agreement()
    assert (now.signed_on, now.ends_on, now.notice_on) == (TODAY, date(2031, 3, 31), date(2031, 2, 28))
    assert moves()[-1] == ("signed", "signed", TODAY)
    assert "Renewed until Mar 31, 2031" in coordinator.page(f"{BASE}1").text("#partners-moves")


def test_a_renewal_does_not_take_over_days_that_belonged_to_the_old_end(coordinator: EngageClient) -> None:
    end = TODAY + timedelta(days=20)
    begins, review = TODAY - timedelta(days=3), TODAY - timedelta(days=4)
    make_agreement(coordinator.membership, ends_on=end, notice_on=begins, review_on=review)
    page = coordinator.page(f"{BASE}1/renew")
    assert (page.value("notice"), page.value("notice_on")) == ("", "")
    assert (page.value("review"), page.value("review_on")) == ("1", "")


@pytest.mark.parametrize(("days", "kind"), [(None, "btn-quiet"), (200, "btn-quiet"), (30, "btn-primary")])
def test_renewing_is_the_first_thing_to_do_only_when_it_is_time(
    coordinator: EngageClient, days: int | None, kind: str
) -> None:
    ends_on = TODAY + timedelta(days=days) if days else None
    agreement = make_agreement(coordinator.membership, ends_on=ends_on)
    button = coordinator.page(f"{BASE}{agreement.number}").one("a[href$='/renew']")
    assert kind in (button.attributes["class"] or "")


def test_a_new_one_is_since_today_unless_said_otherwise(coordinator: EngageClient) -> None:
    assert coordinator.page(f"{BASE}new").value("since") == TODAY.isoformat()


def test_only_a_signed_one_is_renewed(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership, state=AgreementState.DRAFTING)
    assert coordinator.page(f"{BASE}1").all("a[href$='/renew']") == []
    assert coordinator.get(f"{BASE}1/renew").status_code == 409
    page = coordinator.send(f"{BASE}1/renew", version=1, happened_on="2026-04-01", notice="", review="")
    assert page.status == 409
    assert page.has("Only a signed agreement can be renewed.")


# -- naming


def test_who_allowed_naming_and_since_when_no_more_stays_on_record(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership)
    assert "They have not given permission" in coordinator.page(f"{BASE}1").text("#partners-naming")
    page = coordinator.send(f"{BASE}1/naming", version=1, named_on="2026-04-01")
    assert page.status == 422
    assert page.has("Say who at the organization gave permission")
    coordinator.send(f"{BASE}1/naming", version=1, named_by="The director", named_on="2026-04-01")
    assert the_agreement().may_be_named
    said = coordinator.page(f"{BASE}1").text("#partners-naming")
    assert "They may be named publicly: The director said so on Apr 1, 2026." in said
    assert coordinator.page(f"{BASE}?named=yes").texts(".agreement-table .what a") == [
        "1. MOU with Grace Church"
    ]
    page = coordinator.send(f"{BASE}1/naming/withdraw", version=2, unnamed_on="2026-03-31")
    assert page.status == 422
    assert page.has("This is before they gave permission.")
    coordinator.send(f"{BASE}1/naming/withdraw", version=2, unnamed_on="2026-05-01")
    now = the_agreement()
    assert (now.may_be_named, now.unnamed_on, now.named_by) == (False, date(2026, 5, 1), "The director")
    assert "since May 1, 2026" in coordinator.page(f"{BASE}1").text("#partners-naming")
    assert coordinator.page(f"{BASE}?named=yes").all(".agreement-table tbody tr") == []
    page = coordinator.send(f"{BASE}1/naming/withdraw", version=3, unnamed_on="2026-06-01")
    assert page.status == 409
    coordinator.send(f"{BASE}1/naming", version=3, named_by="The board", named_on="2026-07-01")
    assert the_agreement().may_be_named
    assert history_of("unnamed_on") == [(None, "2026-05-01"), ("2026-05-01", None)]


def test_of_two_who_say_who_allowed_it_the_second_sees_both(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership)
    coordinator.send(f"{BASE}1/naming", version=1, named_by="The director", named_on="2026-04-01")
    page = coordinator.send(f"{BASE}1/naming", version=1, named_by="The board", named_on="2026-04-01")
    assert page.status == 409
    assert page.texts(".conflict-text") == ["The director", "The board"]


# -- links


def test_needs_and_actions_are_linked_and_unlinked(coordinator: EngageClient) -> None:
    make_plan()
    make_agreement(coordinator.membership)
    need = make_need(coordinator.membership)
    action = create_action(coordinator.membership, title="Train the families")
    db.session.commit()
    page = coordinator.send(f"{BASE}1/link", need_id=need.id, action_id=action.id)
    assert page.location == f"{BASE}1#partners-links"
    coordinator.send(f"{BASE}1/link", need_id=need.id, action_id=0)  # no choice any more
    shown = coordinator.page(f"{BASE}1")
    assert shown.texts("#partners-links .row-link") == ["1. No bed for boys", "1. Train the families"]
    assert shown.texts("#need_id option") == ["Choose a need"]
    assert "MOU with Grace Church" in coordinator.page("/c/riverbend/strengths/needs/1/").text("main")
    assert "MOU with Grace Church" in coordinator.page("/c/riverbend/plan/actions/1").text("#plan-facts")
    coordinator.send(f"{BASE}1/unlink-need/{need.id}")
    coordinator.send(f"{BASE}1/unlink-action/{action.id}")
    assert coordinator.page(f"{BASE}1").all("#partners-links .row-link") == []
    assert history_of("need") == [(None, str(need.id)), (str(need.id), None)]
    assert history_of("action") == [(None, str(action.id)), (str(action.id), None)]


def test_what_is_not_of_the_coalition_is_not_linked(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership)
    theirs = make_need(make_membership(coalition=make_coalition()))
    page = coordinator.send(f"{BASE}1/link", need_id=theirs.id, action_id=0)
    assert page.status == 422
    assert coordinator.page(f"{BASE}1").all("#partners-links .row-link") == []


def test_what_was_promised_becomes_one_action_with_the_partner_however_often_pressed(
    coordinator: EngageClient,
) -> None:
    make_plan()
    owner = make_membership(name="Thuy Nguyen")
    agreement = make_agreement(coordinator.membership, owner_id=owner.id)
    for _again in range(2):
        page = coordinator.send(f"{BASE}1/action")
    made = db.session.scalars(sa.select(Action)).one()
    assert page.location == f"/c/riverbend/plan/actions/{made.number}/edit"
    assert (made.title, made.owner_id, made.organization_id) == (
        "Keep what was promised: MOU with Grace Church",
        owner.id,
        agreement.organization_id,
    )
    assert len(coordinator.page(f"{BASE}1").all("#partners-links .row-link")) == 1


# -- deleting, merging, handing over


def test_a_draft_is_deleted_with_its_links(coordinator: EngageClient) -> None:
    make_agreement(coordinator.membership, state=AgreementState.DRAFTING)
    need = make_need(coordinator.membership)
    coordinator.send(f"{BASE}1/link", need_id=need.id, action_id=0)
    assert "MOU with Grace Church" in coordinator.page(f"{BASE}1/delete").text("main")
    page = coordinator.send(f"{BASE}1/delete")
    assert (page.status, page.location) == (303, BASE)
    assert db.session.scalar(sa.select(Agreement.id)) is None
    assert db.session.scalar(sa.select(AgreementMove.id)) is None
    assert history_of("deleted") == [("1", None)]


def test_an_organization_with_an_agreement_is_not_deleted_by_the_database(coordinator: EngageClient) -> None:
    agreement = make_agreement(coordinator.membership)
    from engage.partners.models import Organization

    with pytest.raises(sa.exc.IntegrityError):
        db.session.execute(sa.delete(Organization).where(Organization.id == agreement.organization_id))
    db.session.rollback()


def test_when_two_organizations_are_one_the_agreements_go_along(coordinator: EngageClient) -> None:
    first, second = make_organization(name="Grace"), make_organization(name="Grace Church")
    make_agreement(coordinator.membership, first)
    versions = (second.version, first.version)
    merging_service.merge(coordinator.membership, second, first, versions, {})
    db.session.commit()
    assert the_agreement().organization_id == second.id


# -- the list


@pytest.fixture
def several(coordinator: EngageClient) -> EngageClient:
    by = coordinator.membership
    church, clinic = (
        make_organization(name="Grace Church", sector="faith"),
        make_organization(name="Clinic", sector="health"),
    )
    make_agreement(by, church, ends_on=TODAY + timedelta(days=40))
    make_agreement(by, clinic, kind=AgreementKind.PLEDGE, state=AgreementState.WITH_BOARD)
    make_agreement(by, clinic, kind=AgreementKind.DATA_SHARING, ends_on=TODAY + timedelta(days=20))
    make_agreement(by, church, kind=AgreementKind.OTHER, state=AgreementState.DECLINED, title="=2+3")
    return coordinator


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("", [2, 3, 1, 4]),
        ("?kind=pledge", [2]),
        ("?state=with_board", [2]),
        ("?state=declined", [4]),
        ("?group=faith_community", None),
        ("?within=60", [3, 1]),
        ("?within=30", [3]),
        ("?within=25", [3]),
        ("?named=no", [2, 3, 1, 4]),
        ("?kind=unheard-of&state=x&within=-3&named=maybe&group=y", [2, 3, 1, 4]),
    ],
)
def test_filters_stand_in_the_address(several: EngageClient, query: str, numbers: list[int] | None) -> None:
    if numbers is None:
        from engage.content.loader import content

        query, numbers = f"?group={content().sector('faith').group}", [1, 4]
    page = several.page(f"{BASE}{query}")
    shown = [int(words.split(".")[0]) for words in page.texts(".agreement-table .what a")]
    assert shown == numbers


def test_the_grant_file_prints_and_downloads_what_fits(several: EngageClient) -> None:
    several.send(f"{BASE}1/naming", version=1, named_by="Pastor Lee", named_on="2026-04-01")
    page = several.page(f"{BASE}grant-file?kind=mou")
    assert page.texts(".agreement-sheet h2") == ["1. MOU with Grace Church"]
    assert "yes: Pastor Lee, Apr 1, 2026" in page.text(".agreement-sheet")
    assert [link.attributes["href"] for link in page.all("a[href*='.csv']")] == [
        "/c/riverbend/partners/agreements.csv?kind=mou"
    ]
    answer = several.get("/c/riverbend/partners/agreements.csv")
    assert answer.headers["Content-Disposition"] == "attachment; filename=agreements.csv"
    lines = answer.get_data(as_text=True).splitlines()
    assert len(lines) == 5
    # A spreadsheet does not run what someone wrote.
    assert '"\'=2+3"' in lines[4]
    assert '"Pastor Lee"' in lines[3]
    assert "2026-03-01" in lines[3]


def test_a_member_reads_everything_and_changes_nothing(
    coordinator: EngageClient, member: EngageClient
) -> None:
    make_agreement(coordinator.membership, we_promised="Training.", title="Beds")
    page = member.page(f"{BASE}1")
    assert "Training." in page.text("#partners-agreement")
    assert page.all("main form[method=post]") == []
    assert page.all("#partners-agreement-next") == []
    for path in ("new", "1/edit", "1/move/ended", "1/renew", "1/naming", "1/delete"):
        assert member.get(f"{BASE}{path}").status_code == 403
    assert member.get(f"{BASE}grant-file").status_code == 200
    # Taking it out as a file is for coordinators.
    assert member.get("/c/riverbend/partners/agreements.csv").status_code == 403
    for path in (BASE, f"{BASE}grant-file"):
        assert member.page(path).all("a[href*='.csv']") == []
    assert member.page(BASE).all("a[href$='/new']") == []


def test_a_viewer_sees_organization_kind_state_and_dates_only(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    make_agreement(
        coordinator.membership,
        title="Emergency beds",
        we_promised="Training.",
        they_promised="Twelve beds.",
        owner_id=coordinator.membership.id,
        ends_on=TODAY + timedelta(days=30),
        review_on=date(2026, 8, 8),
    )
    coordinator.send(f"{BASE}1/naming", version=1, named_by="Pastor Lee", named_on="2026-04-01")
    for page in (viewer.page(BASE), viewer.page(f"{BASE}1")):
        assert page.has("Grace Church")
        hidden = (
            "Emergency beds",
            "Training.",
            "Twelve",
            "Maria Santos",
            "Pastor Lee",
            "Aug 8",
            "· may be named",
        )
        for words in hidden:
            assert words not in page.html
    facts = viewer.page(f"{BASE}1").text("#partners-agreement")
    assert "MOU" in facts
    assert "Mar 1, 2026" in facts
    assert viewer.get(f"{BASE}grant-file").status_code == 403
    assert viewer.get("/c/riverbend/partners/agreements.csv").status_code == 403


def test_an_organizations_page_lists_its_agreements_with_their_dates(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    church, other = make_organization(name="Grace Church"), make_organization(name="Harbor House")
    make_agreement(coordinator.membership, church, title="Beds", ends_on=TODAY + timedelta(days=30))
    make_agreement(coordinator.membership, church, kind=AgreementKind.PLEDGE, state=AgreementState.DRAFTING)
    make_agreement(coordinator.membership, other)
    address, lines = f"/c/riverbend/partners/{church.id}/", "#partners-agreements-with li"
    ends = medium_day(TODAY + timedelta(days=30))
    assert coordinator.page(address).texts(lines) == [
        f"Beds (Grace Church) Signed signed on Mar 1, 2026, until {ends} (in 30 days)",
        "Pledge by Grace Church Drafting",
    ]
    new = f"a[href='{BASE}new?organization={church.id}']"
    assert coordinator.page(address).one(new)
    page = coordinator.page(f"{BASE}new?organization={church.id}")
    assert page.text("[name=organization_id] option[selected]") == "Grace Church"
    assert member.page(address).all(new) == []
    assert len(member.page(address).all(lines)) == 2
    # A viewer does not see what someone called it.
    assert viewer.page(address).texts(f"{lines} a") == ["MOU with Grace Church", "Pledge by Grace Church"]


def test_an_organization_without_agreements_says_so_to_those_who_can_add_one(
    coordinator: EngageClient, member: EngageClient
) -> None:
    church = make_organization()
    address = f"/c/riverbend/partners/{church.id}/"
    assert "No written agreement yet" in coordinator.page(address).text("#partners-agreements-with")
    assert member.page(address).all("#partners-agreements-with") == []


def test_the_list_asks_as_often_for_two_agreements_as_for_forty(coordinator: EngageClient) -> None:
    churches = [make_organization(name=f"Church {n}") for n in range(10)]

    def asked(path: str) -> int:
        with counted_queries() as statements:
            coordinator.page(path)
        return len(statements)

    def add(number: int) -> None:
        for n in range(number):
            make_agreement(coordinator.membership, churches[n % 10], ends_on=TODAY + timedelta(days=n))

    add(2)
    coordinator.page(BASE)
    before = [asked(BASE), asked(f"{BASE}grant-file")]
    add(38)
    assert [asked(BASE), asked(f"{BASE}grant-file")] == before


def test_a_long_list_comes_in_pages(coordinator: EngageClient) -> None:
    church = make_organization()
    for _n in range(101):
        agreements_service.create_agreement(
            coordinator.membership,
            organization_id=church.id,
            kind=AgreementKind.MOU,
            state=AgreementState.DRAFTING,
            since=date(2026, 3, 1),
        )
    db.session.commit()
    page = coordinator.page(f"{BASE}?kind=mou")
    assert len(page.all(".agreement-table tbody tr")) == 100
    assert page.one(".pages a").attributes["href"] == f"{BASE}?kind=mou&page=2"
    assert len(coordinator.page(f"{BASE}?kind=mou&page=2").all(".agreement-table tbody tr")) == 1


def test_an_empty_list_says_what_will_be_here(
    coordinator: EngageClient, member: EngageClient, viewer: EngageClient
) -> None:
    assert coordinator.page(BASE).one(".empty .btn-primary").attributes["href"] == f"{BASE}new"
    for client in (member, viewer):
        assert client.page(BASE).text(".empty h2") == "No agreements yet"
        assert client.page(BASE).all(".empty a") == []


def test_another_coalitions_agreement_does_not_exist(coordinator: EngageClient) -> None:
    elsewhere = make_membership(coalition=make_coalition())
    make_agreement(elsewhere, make_organization(name="Theirs", coalition=elsewhere.coalition))
    paths: Any = ("1", "1/edit", "1/move/ended", "1/renew", "1/naming", "1/naming/withdraw", "1/delete")
    for path in paths:
        assert coordinator.get(f"{BASE}{path}").status_code == 404
    for path in (*paths[1:], "1/link", "1/action"):
        assert coordinator.send(f"{BASE}{path}", version=1).status == 404
    assert coordinator.page(BASE).all(".agreement-table") == []
