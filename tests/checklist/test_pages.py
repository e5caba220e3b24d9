"""The list, the tick and an item's page over HTTP."""

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from flask.testing import FlaskClient

from engage import clock
from engage.accounts.models import SignedIn
from engage.checklist.models import Item
from engage.checklist.rules import ItemState
from engage.coalitions.models import Membership
from engage.coalitions.rules import Stage
from engage.content.loader import content
from engage.extensions import db
from engage.history import HistoryEntry
from engage.plan.models import Action
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_coalition, make_item, make_membership
from tests.html import Page

Client = Callable[[Membership], EngageClient]

LIST = "/c/riverbend/checklist/"
KEY = "core-team-named"
TEXT = "A core team of three or more people from different organizations is named"
ITEM = f"{LIST}items/{KEY}"
TICK = f"{ITEM}/tick"
ROW = f"#checklist-item-{KEY}"
DETAILS = {"version": "1", "state": "not_yet", "owner": "0", "due_on": "", "proof": "", "note": ""}


def row() -> Item:
    return db.session.scalars(sa.select(Item).where(Item.key == KEY)).one()


def test_tips_are_panels_with_counts_and_those_of_the_toolkit_come_first(member: EngageClient) -> None:
    page = member.page(LIST)
    titles = page.texts("details.panel .panel-title")
    assert titles[0] == "Structure"
    assert titles.index("Relationships across sectors") < titles.index("Meetings and communication")
    assert "More practices" in page.texts("h2")
    assert page.text("#checklist-progress-leadership .count-words") == "0 of 6 done"
    assert page.text(f"{ROW} .checklist-title") == TEXT


def test_the_word_after_a_count_of_tips_agrees_with_them_in_spanish(member: EngageClient) -> None:
    page = member.page(LIST, headers={"Accept-Language": "es-MX"})
    assert page.text("#checklist-progress-leadership .count-words") == "0 de 6 hechos"


def test_ticking_without_javascript_returns_to_the_item_in_the_list(member: EngageClient) -> None:
    page = member.send(f"{TICK}?show=all&hide=done", wanted="done")
    assert (page.status, page.location) == (
        303,
        f"{LIST}?show=all&hide=done&open=leadership&keep={KEY}#checklist-item-{KEY}",
    )
    assert (row().state, row().changed_by_id) == (ItemState.DONE, member.membership.id)
    shown = member.page(page.location)
    assert shown.one(f"{ROW} .tick").attributes["aria-pressed"] == "true"
    assert shown.text(f"{ROW} .checklist-facts").startswith("Done by Dan Reyes, ")


def test_ticking_with_htmx_renews_the_item_its_tip_and_the_whole(member: EngageClient) -> None:
    page = member.send(TICK, htmx=True, wanted="done")
    assert page.status == 200
    assert page.one(ROW).tag == "li"
    tick = page.one(f"#checklist-tick-{KEY}")
    assert (tick.attributes["aria-label"], tick.attributes["aria-pressed"]) == (TEXT, "true")
    for progress, words in (("checklist-progress-leadership", "1 of 6 done"), ("checklist-progress", None)):
        node = page.one(f"#{progress}")
        assert node.attributes["data-hx-swap-oob"] == "true"
        assert words is None or page.text(f"#{progress} .count-words") == words
    assert page.text("#checklist-progress .count-words").startswith("1 of ")
    assert page.text("#status") == f"Done: {TEXT}"
    again = member.send(TICK, htmx=True, wanted="open")
    assert again.text("#status") == f"No longer done: {TEXT}"
    assert again.text("#checklist-progress-leadership .count-words") == "0 of 6 done"


def test_the_answer_to_a_tick_is_at_most_1500_bytes_on_the_wire(member: EngageClient) -> None:
    owner = make_membership(name="Guadalupe Hernandez-Montgomery", coalition=member.membership.coalition)
    make_item(key=KEY, owner_id=owner.id, note="x y " * 60, proof="/c/riverbend/plan/")
    form = {"csrf_token": member.csrf_token(), "wanted": "done"}
    headers = {"HX-Request": "true", "Accept-Encoding": "br, gzip"}
    # Not through the client's own `open`, which reads the answer as text.
    response = FlaskClient.open(
        member, f"{TICK}?show=all&hide=done", method="POST", data=form, headers=headers
    )
    assert (response.status_code, response.headers["Content-Encoding"]) == (200, "br")
    assert len(response.data) + len(str(response.headers)) <= 1900
    assert len(response.data) <= 1500


def test_switches_keep_each_other(member: EngageClient) -> None:
    member.membership.coalition.stage = Stage.EXISTING
    make_item(key=KEY, state=ItemState.DONE)
    page = member.page(f"{LIST}?show=all&hide=done")
    assert [link.attributes["href"] for link in page.all(".checklist-switches > a")] == [
        f"{LIST}?hide=done",
        f"{LIST}?show=all",
        f"{LIST}?show=all&hide=done&open=all",
    ]
    assert not page.all(ROW)
    assert page.has("1 done item is hidden.")
    assert page.one("#checklist-item-host-chosen form[data-hx-post]").attributes["action"] == (
        f"{LIST}items/host-chosen/tick?show=all&hide=done"
    )


def test_the_first_tip_that_is_not_complete_is_open_or_the_one_asked_for_or_all(member: EngageClient) -> None:
    def opened(query: str = "") -> list[str]:
        panels = member.page(LIST + query).all("details.panel")
        return [panel.attributes["id"] for panel in panels if "open" in panel.attributes]

    assert opened() == ["checklist-structure"]
    for item in content().tip("structure").items:
        make_item(key=item.key, state=ItemState.DONE)
    assert opened() == ["checklist-leadership"]
    assert opened("?open=money") == ["checklist-money"]
    assert len(opened("?open=all")) == len(content().tips)
    assert opened("?open=no-such-tip") == opened()


@pytest.mark.parametrize(
    ("stage", "shown", "left_out"),
    [
        (Stage.NEW, "host-chosen", "structure-reviewed"),
        (Stage.EXISTING, "structure-reviewed", "host-chosen"),
    ],
)
def test_items_of_the_other_stage_are_left_out_until_all_are_shown(
    member: EngageClient, stage: Stage, shown: str, left_out: str
) -> None:
    member.membership.coalition.stage = stage
    page = member.page(LIST)
    assert page.all(f"#checklist-item-{shown}") and not page.all(f"#checklist-item-{left_out}")
    everything = member.page(f"{LIST}?show=all")
    assert everything.all(f"#checklist-item-{shown}")
    assert everything.text(f"#checklist-item-{left_out} .tag").startswith("For ")


def test_viewers_see_counts_and_bars_but_no_items(viewer: EngageClient) -> None:
    make_item(key=KEY, state=ItemState.DONE, note="Grace Church lends the room")
    page = viewer.page(LIST)
    assert page.text("#checklist-progress-leadership .count-words") == "1 of 6 done"
    assert not page.all(".checklist-item")
    assert not page.has("Grace Church") and not page.has(TEXT) and not page.has("Hide what is done")


def test_viewers_neither_open_nor_tick_an_item(viewer: EngageClient) -> None:
    assert viewer.get(ITEM).status_code == 403
    assert viewer.send(TICK).status == 403
    assert viewer.send(ITEM, **DETAILS).status == 403
    assert viewer.send(f"{ITEM}/action").status == 403
    assert db.session.scalar(sa.select(sa.func.count(Item.id))) == 0


def test_an_items_page_says_why_and_saves_who_and_when(member: EngageClient) -> None:
    owner = make_membership(name="Grace Hall", user=None)
    page = member.page(f"{ITEM}?hide=done")
    assert page.text("h1") == TEXT
    assert page.value("version") == "1"
    fields = {
        **DETAILS,
        "state": "in_progress",
        "owner": str(owner.id),
        "due_on": "2031-12-15",
        "proof": "https://example.org/minutes",
        "note": "Three of five agreed",
    }
    saved = member.send(f"{ITEM}?hide=done", **fields)
    assert (saved.status, saved.location) == (
        303,
        f"{LIST}?hide=done&open=leadership&keep={KEY}#checklist-item-{KEY}",
    )
    assert (row().state, row().owner_id, row().version) == (ItemState.IN_PROGRESS, owner.id, 2)
    shown = member.page(LIST)
    assert shown.texts(f"{ROW} .checklist-facts li") == [
        "In progress",
        "Grace Hall, due Dec 15, 2031",
        "Proof: example.org",
    ]
    assert shown.text(f"{ROW} .checklist-note") == "Three of five agreed"
    history = member.page(ITEM).texts("#checklist-history .rows > li")
    said = " | ".join(history)
    for words in ("from Not yet to In progress", "owner: Grace Hall", "due Dec 15, 2031", "note changed"):
        assert words in said
    assert history[0].startswith("Dan Reyes, ")
    assert "Three of five" not in said
    assert "Three of five agreed" not in {
        value for entry in db.session.scalars(sa.select(HistoryEntry)) for value in (entry.old, entry.new)
    }


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        (
            "proof",
            "minutes of 7 September",
            "Enter a web address like example.org or https://example.org/help.",
        ),
        ("proof", "/c/elsewhere/plan/", "Enter a web address like example.org or https://example.org/help."),
        ("proof", "javascript:alert(1)", "Enter a web address like example.org or https://example.org/help."),
        ("due_on", "tomorrow", "Enter the date as year-month-day"),
        ("due_on", "9999-01-01", "Enter a year between 2000 and 2100."),
        ("state", "finished", "Not a valid choice."),
        ("owner", "99999", "Not a valid choice."),
        ("owner", "9" * 30, ""),
        ("note", "n" * 300_000, "This is too long"),
        ("note", "bad\x00text", "This contains characters that cannot be seen"),
    ],
)
def test_a_refused_item_keeps_what_was_typed(
    member: EngageClient, name: str, value: str, message: str
) -> None:
    fields = {**DETAILS, "note": "We agreed on the names", "proof": "https://example.org/x", name: value}
    page = member.send(ITEM, **fields)
    assert page.status == 422
    assert page.text("title").startswith("Error:")
    assert any(error.startswith(message) for error in page.errors)
    kept = "note" if name != "note" else "proof"
    assert page.value(kept) == fields[kept]
    assert db.session.scalar(sa.select(sa.func.count(Item.id))) == 0


def test_a_person_of_another_coalition_is_no_owner(member: EngageClient) -> None:
    stranger = make_membership(coalition=make_coalition())
    page = member.send(ITEM, **{**DETAILS, "owner": str(stranger.id)})
    assert page.status == 422
    assert not page.has(stranger.name)


def test_a_phone_number_in_the_note_is_warned_of_and_kept(member: EngageClient) -> None:
    page = member.send(ITEM, **{**DETAILS, "note": "Call Ana at 555-867-5309"})
    assert page.status == 422
    assert page.value("note") == "Call Ana at 555-867-5309"
    assert page.has("This looks like it contains a phone number.")
    accepted = page.one("[name='note-accepted']").attributes["value"]
    fields = {**DETAILS, "note": "Call Ana at 555-867-5309", "note-accepted": accepted}
    assert member.send(ITEM, **fields).status == 303


def test_two_people_saving_one_item_see_both_texts(member: EngageClient, client_of: Client) -> None:
    other = client_of(make_membership(name="Ruth Okafor"))
    assert (
        other.send(ITEM, **{**DETAILS, "state": "in_progress", "note": "Ruth asked the mayor"}).status == 303
    )
    page = member.send(ITEM, **{**DETAILS, "note": "Dan asked the sheriff"})
    assert page.status == 409
    assert page.texts(".conflict-text") == [
        "In progress",
        "Not yet",
        "Ruth asked the mayor",
        "Dan asked the sheriff",
    ]
    assert page.has("Ruth Okafor, ")
    assert page.value("note") == "Dan asked the sheriff"
    assert page.value("version") == "2"
    assert row().note == "Ruth asked the mayor"
    assert member.send(ITEM, **{**DETAILS, "version": "2", "note": "Both asked"}).status == 303
    assert row().note == "Both asked"


def test_a_tick_after_the_page_was_opened_is_not_taken_back_by_saving(member: EngageClient) -> None:
    member.send(TICK, wanted="done")
    page = member.send(ITEM, **{**DETAILS, "note": "Dan asked the sheriff"})
    assert page.status == 409
    assert row().state is ItemState.DONE


def test_an_owner_who_left_stays_until_another_is_chosen(member: EngageClient) -> None:
    gone = make_membership(name="Lou Gone", left_on=clock.today("America/Chicago"))
    make_item(key=KEY, owner_id=gone.id)
    assert member.page(ITEM).value("owner") == str(gone.id)
    fields = {**DETAILS, "state": "in_progress", "owner": str(gone.id), "note": "Ask Lou"}
    assert member.send(ITEM, **fields).status == 303
    assert row().owner_id == gone.id
    me = str(member.membership.id)
    assert member.send(ITEM, **{**fields, "version": "2", "owner": me}).status == 303
    page = member.page(ITEM)
    assert page.value("owner") == me and not page.all(f"[name=owner] option[value='{gone.id}']")


def test_what_is_not_for_us_leaves_the_count_and_has_no_box(member: EngageClient) -> None:
    assert member.send(ITEM, **{**DETAILS, "state": "not_for_us"}).status == 303
    page = member.page(LIST)
    assert page.text("#checklist-progress-leadership .count-words") == "0 of 5 done"
    assert page.texts(f"{ROW} .tag") == ["Does not apply to us"]
    assert not page.all(f"{ROW} form")


@pytest.mark.parametrize("htmx", [False, True])
def test_ticking_what_is_not_for_us_is_refused_with_a_reason(member: EngageClient, htmx: bool) -> None:
    make_item(key=KEY, state=ItemState.NOT_FOR_US)
    page = member.send(TICK, htmx=htmx, wanted="done")
    assert page.status == 409
    assert page.has("This item is marked “Does not apply to us”.")
    assert row().state is ItemState.NOT_FOR_US


def test_an_unknown_wish_is_refused(member: EngageClient) -> None:
    page = member.send(TICK, wanted="perhaps")
    assert page.status == 422
    assert page.has("The change was not saved")


@pytest.mark.parametrize("path", ["items/no-such-item", "items/no-such-item/tick"])
def test_an_item_that_the_tips_do_not_have_does_not_exist(member: EngageClient, path: str) -> None:
    assert member.send(f"{LIST}{path}", **DETAILS).status == 404
    assert member.get(f"{LIST}items/{'x' * 500}").status_code == 404


def test_another_coalitions_ticks_and_notes_do_not_exist(member: EngageClient) -> None:
    elsewhere = make_coalition(slug="elsewhere")
    stranger = make_membership(coalition=elsewhere, name="Strange Person")
    make_item(
        coalition_id=elsewhere.id,
        state=ItemState.DONE,
        note="theirs",
        owner_id=stranger.id,
        changed_by_id=stranger.id,
    )
    assert member.page(LIST).text("#checklist-progress-leadership .count-words") == "0 of 6 done"
    assert not member.page(ITEM).has("theirs")
    assert member.get("/c/elsewhere/checklist/").status_code == 404
    assert member.send(f"/c/elsewhere/checklist/items/{KEY}/tick").status == 404


def test_an_item_becomes_an_action_in_one_step_and_both_are_linked(member: EngageClient) -> None:
    page = member.send(f"{ITEM}/action")
    action = db.session.scalars(sa.select(Action)).one()
    assert page.status == 303
    assert (action.title, action.item_id) == (TEXT, row().id)
    assert page.location == "/c/riverbend/plan/actions/1/edit"
    assert member.page("/c/riverbend/plan/actions/1").all(f"a[href*='{KEY}']")
    shown = member.page(LIST)
    assert shown.text(f"{ROW} .checklist-facts a") == "Action 1: Not started"
    assert not shown.all(f"{ROW} form[action$='/action']")
    assert member.page(ITEM).text("#checklist-actions a") == "Action 1: Not started"
    again = member.send(f"{ITEM}/action")
    assert again.location == "/c/riverbend/plan/actions/1"
    assert db.session.scalar(sa.select(sa.func.count(Action.id))) == 1


def test_a_tick_keeps_the_link_to_the_action(member: EngageClient) -> None:
    member.send(f"{ITEM}/action")
    assert member.send(TICK, htmx=True).text(f"{ROW} .checklist-facts a") == "Action 1: Not started"


def test_the_number_of_queries_does_not_grow_with_touched_items(member: EngageClient) -> None:
    with counted_queries() as untouched:
        member.page(f"{LIST}?show=all")
    owner = make_membership()
    for item in (item for tip in content().tips for item in tip.items):
        make_item(key=item.key, owner_id=owner.id, changed_by_id=owner.id)
    with counted_queries() as touched:
        page = member.page(f"{LIST}?show=all")
    assert len(page.all(".checklist-item")) == 64
    assert len(touched) == len(untouched)


def test_switching_the_stage_keeps_all_ticks(coordinator: EngageClient) -> None:
    coordinator.membership.coalition.stage = Stage.NEW
    coordinator.send(f"{LIST}items/host-chosen/tick")
    shape = {"structure": "", "leadership": "", "membership_style": ""}
    for version, stage in enumerate(("existing", "new")):
        fields = {**shape, "stage": stage, "version": str(version)}
        assert coordinator.send("/c/riverbend/about/edit/set-up", **fields).status == 303
    page = coordinator.page(LIST)
    assert page.one("#checklist-tick-host-chosen").attributes["aria-pressed"] == "true"
    assert page.text("#checklist-progress .count-words").startswith("1 of ")


def signed_in_again(client: EngageClient, path: str, **fields: str) -> Page:
    """Returns the answer after the session ended while the page was open and the person signed in on the way."""
    db.session.execute(sa.delete(SignedIn))
    assert client.send(path, **fields).status == 401
    assert client.membership.user is not None
    signing_in = {"sign_in_email": client.membership.user.email, "sign_in_password": PASSWORD}
    return client.send(path, **fields, **signing_in)


def test_an_item_typed_while_the_session_ended_is_shown_again_and_not_saved(member: EngageClient) -> None:
    page = signed_in_again(member, ITEM, **{**DETAILS, "state": "done", "note": "Asked the mayor"})
    assert page.status == 422
    assert (page.value("state"), page.value("note")) == ("done", "Asked the mayor")
    assert db.session.scalar(sa.select(sa.func.count(Item.id))) == 0


def test_a_tick_pressed_while_the_session_ended_can_be_pressed_again(member: EngageClient) -> None:
    page = signed_in_again(member, TICK, wanted="done")
    assert page.status == 422
    assert page.one("main form").attributes["action"] == TICK
    assert page.value("wanted") == "done"
    assert db.session.scalar(sa.select(sa.func.count(Item.id))) == 0


def test_an_action_asked_for_while_the_session_ended_is_not_made(member: EngageClient) -> None:
    page = signed_in_again(member, f"{ITEM}/action")
    assert page.has("Nothing was changed")
    assert db.session.scalar(sa.select(sa.func.count(Action.id))) == 0
