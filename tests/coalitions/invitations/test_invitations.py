"""Inviting by link, as a coordinator does it."""

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock, tokens
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Invitation
from engage.coalitions.rules import InvitationKind, Role
from engage.extensions import db
from engage.history import HistoryEntry
from engage.web import links
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import make_coalition, make_membership, make_user

PAGE = "/c/riverbend/people/invitations/"


def every_invitation() -> list[Invitation]:
    return list(db.session.scalars(sa.select(Invitation).order_by(Invitation.id)))


def test_thirty_pasted_addresses_make_thirty_bound_links_on_one_sheet(coordinator: EngageClient) -> None:
    lines = [f"Person {number} <Guest{number}@Example.org>" for number in range(30)]
    answer = coordinator.send(
        f"{PAGE}bound", addresses="\n".join([*lines, lines[0]]), role="member", days="7"
    )
    assert answer.status == 303
    made = every_invitation()
    assert len(made) == 30
    assert {row.kind for row in made} == {InvitationKind.BOUND}
    assert {row.uses_left for row in made} == {1}
    assert {(row.expires_at - row.created_at).days for row in made} == {7}
    sheet = coordinator.page(answer.location or "")
    assert len(sheet.all(".invite-card")) == len(sheet.all(".invite-card svg.qr")) == 30
    card = sheet.one(f"#coalitions-card-{made[3].id}")
    token = invitations_service.token_of(made[3])
    assert f"/join/{token}" in card.text()
    assert "Hello Person 3, you are invited to join Riverbend County Coalition" in card.text()


def test_links_and_codes_lead_to_the_address_that_people_type(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient
) -> None:
    monkeypatch.setitem(app.config, "URL", "https://engage.example.org")
    drawn: list[str] = []
    real = links.qr
    monkeypatch.setattr(links, "qr", lambda address: (drawn.append(address), real(address))[1])
    answer = coordinator.send(f"{PAGE}bound", addresses="ann@example.org", role="member", days="7")
    link = f"https://engage.example.org/join/{invitations_service.token_of(every_invitation()[0])}"
    sheet = coordinator.page(answer.location or "")
    assert link in sheet.text("[id^='coalitions-text-']")
    assert drawn == [link]
    assert sheet.all("[data-print]") and sheet.all("[data-copy]")
    page = coordinator.page(PAGE)
    assert page.one("[id^='coalitions-link-']").attributes["value"] == link
    assert page.all("[data-copy]")


def test_the_database_keeps_no_token(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}bound", addresses="ann@example.org", role="member", days="7")
    row = every_invitation()[0]
    token = invitations_service.token_of(row)
    assert token is not None
    assert tokens.hashed(token) == row.token_hash
    assert token not in (row.nonce, row.token_hash)
    assert (coordinator.page(PAGE).one(f"#coalitions-link-{row.id}").attributes["value"] or "").endswith(
        token
    )


def test_bad_addresses_are_named_and_the_text_is_kept(coordinator: EngageClient) -> None:
    text = "ann@example.org\nBob\ncy@\ndee@example.org"
    page = coordinator.send(f"{PAGE}bound", addresses=text, role="member", days="7")
    assert page.status == 422
    assert "“Bob”; “cy@”" in page.errors[0]
    assert page.value("addresses") == text
    assert every_invitation() == []


def test_what_was_pasted_is_text_and_never_markup(coordinator: EngageClient) -> None:
    page = coordinator.send(f"{PAGE}bound", addresses="<i id=x>Bob</i>", role="member", days="7")
    assert page.status == 422
    assert not page.all("#x")


@pytest.mark.parametrize(
    "changed",
    [
        {"addresses": "a@example.org " * 25_000},
        {"addresses": "\n".join(f"p{number}@example.org" for number in range(201))},
        {"addresses": "ann@example.org\0"},
        {"addresses": ""},
        {"role": "owner"},
        {"role": ""},
        {"days": "8"},
        {"days": ""},
    ],
)
def test_a_refused_list_makes_nothing(coordinator: EngageClient, changed: dict[str, str]) -> None:
    fields = {"addresses": "ann@example.org", "role": "member", "days": "7", **changed}
    page = coordinator.send(f"{PAGE}bound", **fields)
    assert page.status == 422
    assert page.value("addresses") == fields["addresses"].replace("\0", "�").strip()
    assert every_invitation() == []


def test_who_is_here_gets_no_link_and_who_has_one_keeps_it(coordinator: EngageClient) -> None:
    here = make_membership(name="Ann Lee").user
    assert here is not None
    coordinator.send(f"{PAGE}bound", addresses="bob@example.org", role="member", days="7")
    both = f"{here.email}, bob@example.org, cy@example.org"
    answer = coordinator.send(f"{PAGE}bound", addresses=both, role="member", days="30")
    assert [row.email for row in every_invitation()] == ["bob@example.org", "cy@example.org"]
    page = coordinator.page(answer.location or "")
    assert page.has(f"{here.email} is already a member and got no link.")
    assert len(page.all(".invite-card")) == 2


def test_another_role_for_an_address_ends_the_earlier_link(coordinator: EngageClient) -> None:
    for role in ("member", "viewer"):
        coordinator.send(f"{PAGE}bound", addresses="bob@example.org", role=role, days="7")
    first, second = every_invitation()
    assert (first.revoked_at is not None, second.role) == (True, Role.VIEWER)


def test_an_open_link_needs_approval_and_counts_its_uses(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}open", **{"label": "Rotary", "role": "viewer", "days": "90", "uses": "40"})
    row = every_invitation()[0]
    assert (row.kind, row.needs_approval, row.uses_left) == (InvitationKind.OPEN, True, 40)
    page = coordinator.page(PAGE)
    assert "40 uses left" in page.text(f"#coalitions-invitation-{row.id}")
    assert "not used yet" in page.text(f"#coalitions-invitation-{row.id}")


@pytest.mark.parametrize(
    "changed",
    [
        {"role": "coordinator"},
        {"uses": "0"},
        {"uses": "201"},
        {"uses": "9" * 300},
        {"uses": ""},
        {"days": "365"},
    ],
)
def test_a_refused_open_link_is_not_made(coordinator: EngageClient, changed: dict[str, str]) -> None:
    fields = {"label": "Rotary", "role": "member", "days": "30", "uses": "20", **changed}
    page = coordinator.send(f"{PAGE}open", **fields)
    assert page.status == 422
    assert page.errors
    assert page.value("label") == "Rotary"
    assert every_invitation() == []


def test_revoking_ends_the_link_and_is_noted(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}open", role="member", days="30", uses="20")
    row = every_invitation()[0]
    assert coordinator.send(f"{PAGE}{row.id}/revoke").status == 303
    assert db.session.get_one(Invitation, row.id).revoked_at is not None
    page = coordinator.page(PAGE)
    assert page.text("#coalitions-over tbody td:last-child") == "Revoked Undo"
    assert coordinator.get(f"{PAGE}sheet?id={row.id}").status_code == 404
    entries = db.session.scalars(sa.select(HistoryEntry).order_by(HistoryEntry.id)).all()
    assert [(entry.field, entry.old, entry.new) for entry in entries] == [
        ("role", None, "member"),
        ("state", "usable", "revoked"),
    ]


def test_revoking_names_whose_link_it_is_and_can_be_undone(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}bound", addresses="Ann Lee <ann@example.org>", role="member", days="30")
    row = every_invitation()[0]
    link = invitations_service.token_of(row)
    assert coordinator.page(PAGE).has("Revoke the link for Ann Lee")

    coordinator.send(f"{PAGE}{row.id}/revoke")
    page = coordinator.page(PAGE)
    assert page.text(".flash p") == "The link for Ann Lee is revoked and no longer works."
    coordinator.send(page.one("form.undo").attributes["action"] or "")

    assert coordinator.page(PAGE).text(".flash") == "The link for Ann Lee works again."
    back = every_invitation()[0]
    assert (back.revoked_at, invitations_service.token_of(back)) == (None, link)


@pytest.mark.parametrize(
    ("since", "why"),
    [
        ("another link", "A newer link works."),
        ("here", "Someone with this address is already a member."),
        ("late", "This link has been used or has expired."),
    ],
)
def test_it_stays_revoked_once_somebody_else_stands_there(
    coordinator: EngageClient, since: str, why: str
) -> None:
    coordinator.send(f"{PAGE}bound", addresses="ann@example.org", role="member", days="30")
    row = every_invitation()[0]
    coordinator.send(f"{PAGE}{row.id}/revoke")
    if since == "another link":
        coordinator.send(f"{PAGE}bound", addresses="ann@example.org", role="viewer", days="30")
    elif since == "here":
        make_membership(user=make_user(email="ann@example.org"))
    else:
        every_invitation()[0].expires_at = clock.now()

    refused = coordinator.send(f"{PAGE}{row.id}/give-back")

    assert refused.status == 409
    assert refused.has(why)
    assert db.session.get_one(Invitation, row.id).revoked_at is not None


def test_another_coalitions_invitation_does_not_exist(coordinator: EngageClient) -> None:
    other = make_membership(coalition=make_coalition(), role=Role.COORDINATOR)
    foreign = invitations_service.invite_openly(other, Role.MEMBER, 30, 5)
    db.session.commit()
    for step in ("revoke", "give-back"):
        assert coordinator.send(f"{PAGE}{foreign.id}/{step}").status == 404
    assert coordinator.get(f"{PAGE}sheet?id={foreign.id}").status_code == 404
    assert db.session.get_one(Invitation, foreign.id).revoked_at is None


@pytest.mark.parametrize("wanted", ["", "id=x", "id=99999999999999", "id=-1", "id=%00"])
def test_a_sheet_of_nothing_does_not_exist(coordinator: EngageClient, wanted: str) -> None:
    assert coordinator.get(f"{PAGE}sheet?{wanted}").status_code == 404


def test_members_and_viewers_do_not_invite(member: EngageClient, viewer: EngageClient) -> None:
    for client in (member, viewer):
        assert client.get(PAGE).status_code == 403
        assert client.send(f"{PAGE}bound", addresses="a@example.org", role="member", days="7").status == 403
        assert client.send(f"{PAGE}open", role="member", days="7", uses="1").status == 403
    assert every_invitation() == []


def test_a_link_made_with_an_earlier_key_says_so(app: Flask, coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}open", role="member", days="30", uses="20")
    row = every_invitation()[0]
    row.token_hash = "0" * 64
    db.session.commit()
    assert coordinator.page(PAGE).has("made with an earlier key")


def test_the_page_takes_as_many_queries_for_thirty_as_for_one(coordinator: EngageClient) -> None:
    def counted() -> int:
        with counted_queries() as statements:
            coordinator.page(PAGE)
        return len(statements)

    people = [Addressee(f"p{number}@example.org") for number in range(30)]
    invitations_service.invite_people(coordinator.membership, people[:1], Role.MEMBER, 30)
    db.session.commit()
    one = counted()
    invitations_service.invite_people(coordinator.membership, people, Role.MEMBER, 30)
    db.session.commit()
    assert counted() == one


def test_an_expired_link_is_listed_as_over(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}open", role="member", days="30", uses="20")
    every_invitation()[0].expires_at = clock.now()
    db.session.commit()
    assert coordinator.page(PAGE).text("#coalitions-over tbody td:last-child") == "Expired"


def test_the_list_says_whether_and_when_a_link_was_last_used(coordinator: EngageClient) -> None:
    coordinator.send(f"{PAGE}bound", addresses="ann@example.org", role="member", days="7")
    assert "not used yet" in coordinator.page(PAGE).text(".invitation")
    invitation = every_invitation()[0]
    invitation.last_used_at = datetime(2026, 11, 3, 18, 0, tzinfo=UTC)
    db.session.commit()
    shown = coordinator.page(PAGE).text(".invitation")
    assert "last used Nov 3, 2026" in shown
    assert "not used yet" not in shown
