"""Tests home's line on what waits around the coalition: agreements that run out, and open recruitments."""

from datetime import date, timedelta
from typing import Any

from engage import clock
from engage.coalitions.models import Membership
from engage.partners.coverage.recruitments.models import Recruitment
from engage.partners.coverage.rules import RecruitmentOutcome
from engage.partners.rules import AgreementState
from tests.client import EngageClient
from tests.factories import make_coalition, make_membership, make_organization, saved
from tests.partners.agreements.rows import TODAY, make_agreement

HOME = "/c/riverbend/"


def make_recruitment(by: Membership, sector: str, **values: Any) -> Recruitment:
    return saved(Recruitment(coalition_id=by.coalition_id, sector=sector, created_at=clock.now(), **values))


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
    assert page.text("#home-outside") == "3 agreements end soon"
    listed = member.page(page.one("#home-outside a").attributes["href"] or "")
    assert listed.has("Soon")


def test_open_recruitments_are_counted_with_mine_and_the_late_ones(member: EngageClient) -> None:
    me, bob = member.membership, make_membership(name="Bob Ray")
    make_recruitment(me, "faith", area="prevention", inviter_id=bob.id, ask_by=in_days(3))
    make_recruitment(me, "health", inviter_id=me.id, ask_by=in_days(-2))
    make_recruitment(me, "nonprofit")
    make_recruitment(me, "schools", closed_on=in_days(-1), outcome=RecruitmentOutcome.GIVEN_UP)
    page = member.page(HOME)
    assert page.text("#home-outside") == "3 sectors to recruit 1 is yours to ask 1 late"
    assert page.one("#home-outside a[href='/c/riverbend/partners/recruitments/']")


def test_without_any_there_is_no_line_and_a_viewer_has_none(
    coordinator: EngageClient, viewer: EngageClient
) -> None:
    assert coordinator.page(HOME).all("#home-outside") == []
    make_agreement(coordinator.membership, ends_on=in_days(9))
    make_recruitment(coordinator.membership, "faith", whom="Pastor Lee")
    assert coordinator.page(HOME).all("#home-outside")
    assert viewer.page(HOME).all("#home-outside") == []
