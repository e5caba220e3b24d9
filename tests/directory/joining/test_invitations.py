"""Inviting by link, as a coordinator does it."""

from datetime import UTC, datetime
from urllib.parse import parse_qs, urlsplit

import pytest
import sqlalchemy as sa
from flask import Flask

from engage import clock, tokens
from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.invitations.pasted import Addressee
from engage.coalitions.models import Invitation
from engage.coalitions.rules import InvitationKind, Role
from engage.config import MailServer
from engage.extensions import db
from engage.history import HistoryEntry
from engage.messages.letters import audiences
from engage.web import links
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_coalition, make_membership, make_user

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
    assert "Hello Person,\n\nI'd like to invite you to join Riverbend County Coalition." in card.text()


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


def test_a_story_beside_an_address_is_asked_about_and_what_is_not_kept_is_not(
    coordinator: EngageClient,
) -> None:
    told = "Name,Phone,E-mail\n{},614-867-5309,ann@example.org"
    fields = {"addresses": told.format("Her uncle sells the 15 year old girl"), "role": "member", "days": "7"}
    page = coordinator.send(f"{PAGE}bound", **fields)
    assert page.status == 422 and page.has("a story about a real person")
    assert every_invitation() == []
    accepted = {"addresses-accepted": page.value("addresses-accepted")}
    assert coordinator.send(f"{PAGE}bound", **fields, **accepted).status == 303
    fields["addresses"] = told.format("Bob Lee").replace("ann@", "bob@")
    assert coordinator.send(f"{PAGE}bound", **fields).status == 303
    assert len(every_invitation()) == 2


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
    assert coordinator.page(PAGE).has("Revoke the link : Ann Lee")

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
def test_it_stays_revoked_once_someone_else_stands_there(
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
    for step in ("revoke", "give-back", "sent"):
        assert coordinator.send(f"{PAGE}{foreign.id}/{step}").status == 404
    assert coordinator.get(f"{PAGE}sheet?id={foreign.id}").status_code == 404
    assert db.session.get_one(Invitation, foreign.id).revoked_at is None


@pytest.mark.parametrize("wanted", ["id=", "id=x", "id=99999999999999", "id=-1", "id=%00"])
def test_a_sheet_of_nothing_does_not_exist(coordinator: EngageClient, wanted: str) -> None:
    assert coordinator.get(f"{PAGE}sheet?{wanted}").status_code == 404


def test_with_nothing_left_to_send_the_sheet_leads_to_the_list(coordinator: EngageClient) -> None:
    answer = coordinator.get(f"{PAGE}sheet")
    assert (answer.status_code, answer.location) == (303, PAGE)


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


def invited(coordinator: EngageClient, addresses: str = "Ann Lee <ann@example.org>") -> list[Invitation]:
    coordinator.send(f"{PAGE}bound", addresses=addresses, role="member", days="30")
    return every_invitation()


def test_each_invitation_opens_a_mail_with_address_subject_and_text(coordinator: EngageClient) -> None:
    (row,) = invited(coordinator)
    card = coordinator.page(f"{PAGE}sheet?id={row.id}").one(f"#coalitions-card-{row.id}")
    text = card.css_first(f"#coalitions-text-{row.id}").text()
    mail = urlsplit(card.css_first("a[href^='mailto:']").attributes["href"] or "")
    asked = parse_qs(mail.query)
    assert mail.path == "ann@example.org"
    assert asked == {"subject": ["Join Riverbend County Coalition"], "body": [text.replace("\n", "\r\n")]}
    assert f"/join/{invitations_service.token_of(row)}" in text


def test_an_invitation_says_how_far_its_person_got_and_who_has_not_come_is_reminded(
    client: EngageClient, coordinator: EngageClient
) -> None:
    first, second = invited(coordinator, "Ann Lee <ann@example.org>\nBen Cho <ben@example.org>")

    def state(row: Invitation) -> str:
        return coordinator.page(PAGE).text(f"#coalitions-invitation-{row.id} .tag")

    def led(words: str) -> str:
        links = [each for each in coordinator.page(PAGE).all("#coalitions-usable a") if words in each.text()]
        return str(links[0].attributes["href"]) if links else ""

    assert (state(first), state(second)) == ("Not sent", "Not sent")
    to_send = led("Send 2 one by one")
    form = coordinator.page(to_send).one(f"#coalitions-card-{first.id} form").attributes["action"] or ""
    back = coordinator.send(form)
    # The others are still there to be sent.
    assert len(coordinator.page(back.location or "").all(".invite-card")) == 2
    assert (state(first), state(second)) == ("Sent", "Not sent")

    # Mail programs look at a link before a person does.
    token = invitations_service.token_of(first)
    for path in (f"/join/{token}", "/join", "/join"):
        client.get(path)
        client.head(path)
    assert state(first) == "Sent"
    client.send("/join/start")
    assert state(first) == "Started"

    reminder = coordinator.page(led("Remind 1 one by one")).text("[id^='coalitions-text-']")
    assert "A while ago I invited you" in reminder and str(token) in reminder
    client.send("/join", name="Ann Lee", email="ann@example.org", password=PASSWORD)
    assert coordinator.page(PAGE).text("#coalitions-over tbody td:last-child") == "Joined"
    assert led("Remind") == ""


def test_what_was_not_sent_after_all_is_to_be_sent_again(coordinator: EngageClient) -> None:
    (row,) = invited(coordinator)
    for field, words in (({}, "Sent"), ({"not": "yes"}, "Not sent")):
        coordinator.send(f"{PAGE}{row.id}/sent", **field)
        assert coordinator.page(PAGE).text(f"#coalitions-invitation-{row.id} .tag") == words


def test_all_texts_are_copied_at_once(coordinator: EngageClient) -> None:
    rows = invited(coordinator, "Ann Lee <ann@example.org>\nBen Cho <ben@example.org>")
    page = coordinator.page(f"{PAGE}sheet?" + "&".join(f"id={row.id}" for row in rows))
    texts = page.one("#coalitions-texts").text()
    assert texts.startswith("Ann Lee <ann@example.org>\n\nHello Ann,")
    for row in rows:
        assert row.email in texts and str(invitations_service.token_of(row)) in texts


def test_where_mail_is_set_up_invitations_and_reminders_lead_to_a_letter_for_just_those(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient
) -> None:
    first, second = invited(coordinator, "Ann Lee <ann@example.org>\nBen Cho <ben@example.org>")
    coordinator.send(f"{PAGE}{first.id}/sent")
    assert not coordinator.page(PAGE).all("#coalitions-usable a[href*='write']")
    monkeypatch.setitem(
        app.config, "MAIL", MailServer(host="mail.example.org", port=25, sender="engage@example.org")
    )
    page = coordinator.page(PAGE)
    led = {each.text(): str(each.attributes["href"]) for each in page.all("a[href*='write']")}
    assert list(led) == ["Write it in your own words", "Remind 1 from here"]
    # Whoever made the links stands here at once; the one that was sent needs no e-mail anymore.
    for shown in (page, coordinator.page(f"{PAGE}sheet?id={first.id}&id={second.id}")):
        assert len(shown.all(f"form[action='{PAGE}send']")) == 1
    assert not coordinator.page(f"{PAGE}sheet?id={first.id}").all(f"form[action='{PAGE}send']")
    for words, (name, subject) in {
        "Write it in your own words": ("Ben Cho", "Join Riverbend County Coalition"),
        "Remind 1 from here": ("Ann Lee", "Your invitation to Riverbend County Coalition"),
    }.items():
        page = coordinator.page(led[words])
        assert page.value("subject") == subject
        who = audiences.audience(coordinator.membership, led[words].partition("to=")[2].partition("&")[0])
        assert who is not None and [each.label for each in who.outside] == [name]
