"""Other pages that name an organization lead to it."""

from engage.assessment.efforts.service import Said, add_effort
from engage.extensions import db
from engage.strengths import service as strengths
from tests.client import EngageClient
from tests.factories import make_action, make_affiliation, make_membership, make_organization, make_plan


def test_people_strengths_actions_and_efforts_lead_to_their_organization(member: EngageClient) -> None:
    harbor = make_organization(name="Harbor <House> & Co")
    rosa = make_membership(name="Rosa Diaz")
    make_affiliation(rosa, harbor)
    own = strengths.add_strength(rosa, title="A van", organization=harbor)
    offered = strengths.offer(rosa, "Two Saturdays")
    effort = add_effort(rosa, Said("response", "Harbor <House> & Co", "Night beds"))
    db.session.commit()
    make_action(make_plan(), number=14, organization_id=harbor.id)
    for path in (
        f"people/{rosa.id}",
        f"strengths/strengths/{own.id}/",
        f"strengths/strengths/{offered.id}/",
        f"assessment/efforts/{effort.id}",
        "plan/actions/14",
    ):
        page = member.page(f"/c/riverbend/{path}")
        links = page.all(f"main a[href='/c/riverbend/partners/{harbor.id}/']")
        assert len(links) == 1 and "Harbor <House> & Co" in links[0].text(), path


def test_the_list_of_known_efforts_leads_to_the_organization_that_each_names(member: EngageClient) -> None:
    harbor = make_organization(name="Harbor House")
    mine = add_effort(member.membership, Said("response", "Harbor House", "Night beds"))
    other = add_effort(member.membership, Said("response", "Someone else", "A meal"))
    db.session.commit()
    page = member.page("/c/riverbend/assessment/efforts/")
    there = f"a[href='/c/riverbend/partners/{harbor.id}/']"
    assert page.texts(f"#assessment-effort-{mine.id} {there}") == ["Open its partner page (Harbor House)"]
    assert page.all(f"#assessment-effort-{other.id} a[href*='/partners/']") == []
