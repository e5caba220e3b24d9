"""Home's cards on those around the coalition: agreements that run out, and open seats."""

from datetime import date, timedelta
from typing import Any

from engage import clock
from engage.coalitions.models import Membership
from engage.dates import medium_day
from engage.partners.coverage.seats.models import Seat
from engage.partners.coverage.seats.rules import SeatOutcome
from engage.partners.rules import AgreementState
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_organization, saved
from tests.partners.agreements.rows import TODAY, make_agreement

HOME = "/c/riverbend/"


def make_seat(by: Membership, sector: str, **values: Any) -> Seat:
    return saved(Seat(coalition_id=by.coalition_id, sector=sector, created_at=clock.now(), **values))


def in_days(days: int) -> date:
    return TODAY + timedelta(days=days)


def test_agreements_that_end_within_sixty_days_or_whose_renewal_begins(
    coordinator: EngageClient, member: EngageClient
) -> None:
    me, church = coordinator.membership, make_organization(name="Grace Church")
    make_agreement(me, church, title="Later", ends_on=in_days(61))
    make_agreement(me, church, title="Soon", ends_on=in_days(60))
    make_agreement(me, church, title="First", ends_on=in_days(1))
    make_agreement(me, church, title="Notice", ends_on=in_days(200), notice_on=in_days(0))
    make_agreement(me, church, title="Over", ends_on=in_days(-1))
    make_agreement(me, church, title="Draft", state=AgreementState.DRAFTING, ends_on=in_days(5))
    make_agreement(me, church, title="Open end")
    other = make_membership(coalition=make_coalition())
    make_agreement(other, make_organization(coalition=other.coalition), title="Theirs", ends_on=in_days(5))
    page = member.page(HOME)
    assert page.texts("#home-agreements li") == [
        f"3. First (Grace Church) Ends on {medium_day(in_days(1))} (in 1 day).",
        f"2. Soon (Grace Church) Ends on {medium_day(in_days(60))} (in 60 days).",
        f"4. Notice (Grace Church) Ends on {medium_day(in_days(200))} (in 200 days).",
    ]
    member.page(page.all("#home-agreements li a")[0].attributes["href"] or "")


def test_open_seats_mine_first_then_by_their_day(member: EngageClient) -> None:
    me, bob = member.membership, make_membership(name="Bob Ray")
    make_seat(me, "faith", area="prevention", inviter_id=bob.id, ask_by=in_days(3))
    make_seat(me, "health", inviter_id=me.id, ask_by=in_days(-2))
    make_seat(me, "nonprofit")
    make_seat(me, "schools", closed_on=in_days(-1), outcome=SeatOutcome.GIVEN_UP)
    page = member.page(HOME)
    rows = page.texts("#home-seats li")
    assert len(rows) == 3
    assert rows[0].endswith(f"Late You ask by {medium_day(in_days(-2))}")
    assert rows[1].endswith(f"Bob Ray by {medium_day(in_days(3))}")
    assert rows[2].endswith("Nobody asks yet")
    assert page.one("#home-seats a[href='/c/riverbend/partners/seats/']")
    member.page(page.all("#home-seats li a")[0].attributes["href"] or "")


def test_a_card_names_five_and_says_how_many_more(coordinator: EngageClient) -> None:
    for number in range(7):
        make_seat(coordinator.membership, "faith")
        church = make_organization(name=f"Church {number}")
        make_agreement(coordinator.membership, church, ends_on=in_days(9))
    page = coordinator.page(HOME)
    for card in ("#home-agreements", "#home-seats"):
        assert len(page.texts(f"{card} li")) == 5
        assert "2 more" in page.text(f"{card} .card-more")


def test_without_any_there_is_no_card_and_a_viewer_has_none(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    assert coordinator.page(HOME).all("#home-agreements, #home-seats") == []
    make_agreement(coordinator.membership, ends_on=in_days(9))
    make_seat(coordinator.membership, "faith", whom="Pastor Lee")
    assert viewer.page(HOME).all("#home-agreements, #home-seats") == []
