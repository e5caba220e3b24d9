"""Recording a meeting: one form that each of its buttons saves, two recorders at once, and nothing typed is lost."""

import pytest
import sqlalchemy as sa

from engage.accounts.models import SignedIn
from engage.extensions import db
from engage.history import HistoryEntry
from engage.meetings.agenda.rules.about import AboutKind, about
from engage.meetings.models import AgendaItem, Decision, Meeting
from engage.meetings.rules import Outcome
from engage.plan.models import Action
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.factories import PASSWORD, make_coalition, make_membership
from tests.html import repeated
from tests.meetings.rows import (
    MEETINGS,
    PAST,
    held,
    make_decision,
    make_item,
    make_meeting,
    opened,
)

PHONE = "Call her at 614-555-0133 after six."


@pytest.fixture
def meeting(member: EngageClient) -> Meeting:
    return make_meeting(member.membership, starts_at=PAST)


def here(meeting: Meeting) -> str:
    return f"{MEETINGS}{meeting.id}/notes/"


def fresh(item: AgendaItem) -> AgendaItem:
    db.session.refresh(item)
    return item


def decisions() -> list[tuple[str, int | None]]:
    return [
        (each.text, each.item_id) for each in db.session.scalars(sa.select(Decision).order_by(Decision.id))
    ]


# -- one form


def test_one_button_saves_every_line_and_what_is_written_below_it(
    member: EngageClient, meeting: Meeting
) -> None:
    one, two, three = (make_item(meeting, title, position=n) for n, title in enumerate("ABC"))
    typed = {
        f"{one.id}-notes": "Two beds more.",
        f"{two.id}-notes": "The clinic asks for a card.",
        f"{two.id}-outcome": "done",
        f"{two.id}-decision": "Print the card in Spanish",
        f"{two.id}-decision_who": "dan reyes",
        f"{three.id}-action": "Ask the library for a room",
        "other-decision": "Meet in June",
    }
    answer = member.send(here(meeting), **opened(member, meeting) | typed)
    assert answer.location == here(meeting)
    assert [fresh(each).notes for each in (one, two, three)] == [
        "Two beds more.",
        "The clinic asks for a card.",
        "",
    ]
    assert [each.outcome for each in (one, two, three)] == [Outcome.OPEN, Outcome.DONE, Outcome.OPEN]
    assert decisions() == [("Print the card in Spanish", two.id), ("Meet in June", None)]
    assert (
        db.session.scalars(sa.select(Decision.owner_id).order_by(Decision.id)).first() == member.membership.id
    )
    action = db.session.scalars(sa.select(Action)).one()
    assert (action.title, action.agenda_item_id, action.owner_id) == (
        "Ask the library for a room",
        three.id,
        None,
    )


@pytest.mark.parametrize(
    ("then", "to"),
    [
        ("attendance", "attendance"),
        ("meeting", ""),
        ("close", "close"),
        ("agenda", "#meetings-agenda"),
        ("line-{item}", "notes/?line={item}#meetings-item-{item}"),
        ("line-other", "notes/#meetings-item-other"),
        ("decision-7", "/c/riverbend/meetings/decisions/7/edit"),
        ("action-4", "/c/riverbend/plan/actions/4"),
        ("decision-" + "9" * 20, "notes/"),
        ("https://example.org/", "notes/"),
    ],
)
def test_each_button_saves_first_and_leads_where_it_says(
    member: EngageClient, meeting: Meeting, then: str, to: str
) -> None:
    item = make_item(meeting)
    page = opened(member, meeting) | {f"{item.id}-notes": "We agreed.", "then": then.format(item=item.id)}
    answer = member.send(here(meeting), **page)
    to = to.format(item=item.id)
    assert answer.location == (to if to.startswith("/") else f"{MEETINGS}{meeting.id}/{to}")
    assert fresh(item).notes == "We agreed."


def test_every_way_out_of_the_page_that_is_a_button_posts_the_form(
    member: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting)
    make_decision(meeting, member.membership, item_id=item.id)
    member.send(here(meeting), **{f"{item.id}-action": "Ask for a room"})
    page = member.page(here(meeting))
    assert not page.all("#meetings-record a")
    ways = [node.attributes.get("value") for node in page.all("#meetings-record button[name=then]")]
    assert {"decision-1", "action-1", "attendance", "meeting", f"line-{item.id}"} <= set(ways)
    # There is no other form, whose button would leave this one behind.
    assert len(page.all("main form")) == 1


def test_the_record_leads_whoever_may_to_closing_the_meeting_once_it_began(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    def ways(client: EngageClient, of: Meeting) -> list[str]:
        return client.page(here(of)).texts(".button-row button")

    assert ways(coordinator, meeting) == ["Take attendance", "Close the meeting", "Back to the meeting"]
    assert "Close the meeting" not in ways(member, meeting)
    assert "Close the meeting" not in ways(coordinator, make_meeting(member.membership))


def test_names_that_come_again_say_which_line_they_mean(member: EngageClient, meeting: Meeting) -> None:
    make_item(meeting, "Beds")
    make_item(meeting, "Budget", position=2)
    page = member.page(here(meeting))
    controls = "label.form-label, .record-row .btn, .record-add > summary, .record-body > .form-field legend"
    named = page.texts(f"#meetings-record :is({controls})")
    assert len(named) == len(set(named)) == 23
    assert {"Notes : Beds", "Notes : Budget", "Outcome : Beds"} <= set(named)


def test_only_the_line_that_is_next_stands_open(member: EngageClient, meeting: Meeting) -> None:
    make_item(meeting, "Welcome", notes="All came.")
    two = make_item(meeting, "Beds", position=2)
    make_item(meeting, "Budget", position=3)
    page = member.page(here(meeting))
    assert page.texts("details[open] h2") == ["Beds"]
    assert len(page.all("details[name=meetings-line]")) == 3
    assert len(page.all("main .btn-primary")) == 1
    assert member.page(f"{here(meeting)}?line={two.id}").texts("details[open] h2") == ["Beds"]
    assert member.page(f"{here(meeting)}?line=x").texts("details[open] h2") == ["Beds"]


def test_history_keeps_who_changed_what_and_no_text(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting)
    page = opened(member, meeting) | {f"{item.id}-notes": "We agreed.", f"{item.id}-outcome": "done"}
    for _again in range(2):  # the same once more changes nothing
        member.send(here(meeting), **page)
    rows = sa.select(HistoryEntry.field, HistoryEntry.old, HistoryEntry.new)
    found = db.session.execute(
        rows.where(HistoryEntry.thing_id == item.id, HistoryEntry.thing == "meetings_agenda_item")
    )
    assert [tuple(row) for row in found] == [("notes", None, None), ("outcome", "open", "done")]
    assert fresh(item).recorded_version == 2


# -- saving by itself


def test_a_save_that_goes_on_in_the_page_brings_back_no_field_that_is_typed_in(
    member: EngageClient, meeting: Meeting
) -> None:
    item, other = make_item(meeting), make_item(meeting, "Two", position=2)
    page = opened(member, meeting) | {f"{item.id}-notes": "We agreed."}
    answer = member.send(here(meeting), htmx=True, **page)
    assert answer.status == 200
    assert answer.text("#form-saved") == "✓ Saved. You can leave and come back."
    assert answer.text(f"#meetings-item-{item.id}-state") == "✓ Saved"
    assert not answer.all("#status")  # a screen reader hears no pause in typing
    assert answer.text(f"#meetings-item-{item.id}-head .record-detail") == "We agreed."
    assert not answer.all("textarea")
    assert not answer.all(f"[id^=meetings-item-{other.id}]")
    # The next save starts from what this one brought.
    again = page | {f"{item.id}-notes": "We agreed on two.", f"{item.id}-was": answer.value(f"{item.id}-was")}
    assert member.send(here(meeting), htmx=True, **again).status == 200
    assert fresh(item).notes == "We agreed on two."


def test_a_row_that_is_still_written_in_waits_and_is_added_once(
    member: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting)
    row = {f"{item.id}-decision": "Print the card", f"{item.id}-decision_who": "Mar"}
    answer = member.send(
        here(meeting), htmx=True, **opened(member, meeting) | row, held=f"{item.id}-decision"
    )
    assert (answer.status, decisions()) == (200, [])
    assert not answer.all("input[type=text]")
    # Nothing says "Saved" of it, and nothing is announced.
    waits = "Not added yet: press “Add the decision”."
    assert answer.text("#form-saved") == answer.text(f"#meetings-item-{item.id}-state p") == waits
    assert not answer.all("#status")
    row[f"{item.id}-decision_who"] = "Dan Reyes"
    answer = member.send(here(meeting), htmx=True, **opened(member, meeting) | row)
    assert answer.has("Decision 1: Print the card")
    assert answer.text("#form-saved") == "✓ Saved. You can leave and come back."
    assert answer.texts("#status > .visually-hidden") == ["Decision 1 added."]
    assert answer.value(f"{item.id}-decision") == answer.value(f"{item.id}-decision_who") == ""
    # A page that lost its connection sends it again.
    member.send(here(meeting), htmx=True, **opened(member, meeting) | row)
    assert decisions() == [("Print the card", item.id)]


def test_an_action_is_made_once_too(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting)
    for _again in range(2):
        answer = member.send(here(meeting), htmx=True, **{f"{item.id}-action": "Ask the clinic"})
        assert answer.text("#status") == "Action 1 added."
    held = {f"{item.id}-action": "Ask", "held": f"{item.id}-action"}
    assert member.send(here(meeting), htmx=True, **held).text("#form-saved").startswith("Not added yet")
    member.send(here(meeting), **{f"{item.id}-action": "Ask the library"})
    assert list(db.session.scalars(sa.select(Action.title).order_by(Action.number))) == [
        "Ask the clinic",
        "Ask the library",
    ]
    page = member.page("/c/riverbend/plan/actions/1")
    assert page.has("Review of the plan (Quarterly meeting, Mar 3, 2026)")


def test_what_one_line_refuses_keeps_no_other_from_being_saved(
    member: EngageClient, meeting: Meeting
) -> None:
    one, two = make_item(meeting, "One"), make_item(meeting, "Two", position=2)
    typed = {
        f"{one.id}-notes": "x" * 5001,
        f"{two.id}-notes": "Kept",
        f"{two.id}-decision_who": "Nobody Here",
    }
    page = opened(member, meeting) | typed
    answer = member.send(here(meeting), **page)
    assert answer.status == 422
    assert answer.errors == [
        "This is too long: at most 5000 characters. Nothing was cut; shorten it.",
        "Write what Nobody Here takes on.",
    ]
    assert answer.texts("details[open] h2")[:2] == ["One", "Two"]
    assert (fresh(one).notes, fresh(two).notes) == ("", "Kept")
    assert len(answer.value(f"{one.id}-notes")) == 5001
    refused = member.send(here(meeting), htmx=True, **page)
    assert refused.status == 422
    assert (
        refused.text("#status")
        == refused.text("#form-saved")
        == "2 items are not saved yet: please check them."
    )


def test_a_name_that_is_no_ones_is_said_beside_it(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting)
    row = {f"{item.id}-action": "Ask the clinic", f"{item.id}-action_who": "Nobody Here"}
    answer = member.send(here(meeting), **row)
    assert answer.errors == ["No one here has this name. Choose someone from the list."]
    assert answer.value(f"{item.id}-action") == "Ask the clinic"
    assert not list(db.session.scalars(sa.select(Action)))


def test_a_first_name_is_enough_where_it_is_one_persons(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting)
    dana, dawn = make_membership(name="Dana Wu"), make_membership(name="Dawn Lee")
    for typed, who in (("dan", member.membership), ("Dana", dana), ("Dawn L", dawn)):
        row = {f"{item.id}-decision": f"For {typed}", f"{item.id}-decision_who": typed}
        assert member.send(here(meeting), **row).status == 303
        db.session.expire_all()
        assert (
            db.session.scalars(sa.select(Decision.owner_id).where(Decision.text == f"For {typed}")).one()
            == who.id
        )
    row = {f"{item.id}-decision": "For one of them", f"{item.id}-decision_who": "Da"}
    assert member.send(here(meeting), **row).errors == ["Did you mean Dan Reyes, Dana Wu, or Dawn Lee?"]
    make_membership(name="Daisy Cole")
    assert member.send(here(meeting), **row).errors == [
        "More than one person here has this name. Choose one from the list."
    ]


def test_every_control_of_the_page_names_the_line_it_is_for(member: EngageClient, meeting: Meeting) -> None:
    for n, title in enumerate("ABC"):
        item = make_item(meeting, title, position=n)
        make_decision(meeting, member.membership, f"Card {n}", item_id=item.id)
    page = member.page(here(meeting))
    assert repeated(page.tree) == []
    labels = page.texts("label")
    assert [
        label for label in labels if labels.count(label) > 1 and label.startswith(("Notes", "What", "Who"))
    ] == []


def test_of_two_people_of_one_name_one_is_chosen(member: EngageClient, meeting: Meeting) -> None:
    item = make_item(meeting)
    other = make_membership(name="Dan Reyes", email="dan@clinic.example", shows_email=True)
    row = {f"{item.id}-decision": "Print the card", f"{item.id}-decision_who": "Dan Reyes"}
    answer = member.send(here(meeting), **row)
    assert answer.errors == ["More than one person here has this name. Choose one from the list."]
    assert not decisions()
    offered = [node.attributes["value"] for node in answer.all("#meetings-people option")]
    assert "Dan Reyes (dan@clinic.example)" in offered
    assert len(set(offered)) == len(offered)
    row[f"{item.id}-decision_who"] = "Dan Reyes (dan@clinic.example)"
    assert member.send(here(meeting), **row).status == 303
    assert db.session.scalars(sa.select(Decision.owner_id)).all() == [other.id]


def test_what_looks_like_personal_details_is_asked_about_once_and_by_its_writer(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting)
    page = opened(member, meeting) | {f"{item.id}-notes": PHONE}
    answer = member.send(here(meeting), htmx=True, **page)
    assert (answer.status, fresh(item).notes) == (422, "")
    accept = f"{item.id}-notes-accepted"
    assert member.send(here(meeting), htmx=True, **page, **{accept: answer.value(accept)}).status == 200
    assert fresh(item).notes == PHONE
    # Someone else who saves the page is not asked about it.
    assert coordinator.send(here(meeting), **opened(coordinator, meeting)).status == 303


# -- two recorders


@pytest.mark.parametrize("htmx", [True, False])
def test_two_who_write_on_one_line_see_both_texts_and_neither_writes_over_the_other(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting, htmx: bool
) -> None:
    item, other = make_item(meeting, "One"), make_item(meeting, "Two", position=2)
    page = opened(member, meeting)
    coordinator.send(here(meeting), **page | {f"{item.id}-notes": "Theirs"})
    mine = page | {f"{item.id}-notes": "Mine", f"{other.id}-notes": "On the other"}
    for _again in range(2):  # saving once more by itself settles nothing
        answer = member.send(here(meeting), htmx=htmx, **mine)
        assert answer.status == 409
        assert answer.texts(".conflict-text") == ["Theirs", "Mine"]
        assert fresh(item).notes == "Theirs"
    # The other line was free all the time.
    assert fresh(other).notes == "On the other"
    if not htmx:
        assert answer.value(f"{item.id}-notes") == "Mine"
    settled = {f"{item.id}-settled": answer.value(f"{item.id}-settled"), f"{item.id}-notes": "Theirs. Mine."}
    assert member.send(here(meeting), **mine | settled).status == 303
    assert fresh(item).notes == "Theirs. Mine."


def test_who_has_read_two_texts_writes_over_no_third(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting)
    page = opened(member, meeting) | {f"{item.id}-notes": "Mine"}
    coordinator.send(here(meeting), **opened(coordinator, meeting) | {f"{item.id}-notes": "Theirs"})
    seen = member.send(here(meeting), **page).value(f"{item.id}-settled")
    coordinator.send(here(meeting), **opened(coordinator, meeting) | {f"{item.id}-notes": "Theirs, longer"})
    answer = member.send(here(meeting), **page, **{f"{item.id}-settled": seen})
    assert answer.texts(".conflict-text") == ["Theirs, longer", "Mine"]


def test_a_page_that_was_opened_before_does_not_undo_what_someone_else_wrote(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    theirs, mine = make_item(meeting, "One"), make_item(meeting, "Two", position=2)
    page = opened(member, meeting)
    coordinator.send(here(meeting), **page | {f"{theirs.id}-notes": "Theirs"})
    answer = member.send(here(meeting), htmx=True, **page | {f"{mine.id}-notes": "Mine"})
    assert (answer.status, fresh(theirs).notes, fresh(mine).notes) == (200, "Theirs", "Mine")
    # Both are seen: their line comes along.
    assert answer.value(f"{theirs.id}-notes") == "Theirs"
    assert answer.has("Someone else changed this item just now.")


def test_a_page_that_goes_on_does_not_undo_the_other_half_of_a_line(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item = make_item(meeting)
    page = opened(member, meeting)
    coordinator.send(here(meeting), **page | {f"{item.id}-outcome": "done"})
    mine = page | {f"{item.id}-notes": "Mine"}
    answer = member.send(here(meeting), htmx=True, **mine)
    assert answer.all("[data-behind]")  # the page asks again, and sees theirs
    mine |= {f"{item.id}-was": answer.value(f"{item.id}-was")}
    theirs = member.send(here(meeting), htmx=True, **mine).one("input[type=radio][checked]")
    assert theirs.attributes["value"] == "done"
    # It went on without: what it still shows is no one's wish.
    answer = member.send(here(meeting), htmx=True, **mine | {f"{item.id}-notes": "Mine, longer"})
    assert answer.status == 200
    assert (fresh(item).notes, item.outcome) == ("Mine, longer", Outcome.DONE)


def test_what_was_typed_on_a_line_that_is_gone_stays_to_be_read(
    member: EngageClient, coordinator: EngageClient, meeting: Meeting
) -> None:
    item, other = make_item(meeting, "One", notes="Before"), make_item(meeting, "Two", position=2)
    page = opened(member, meeting) | {f"{other.id}-notes": "Kept"}
    db.session.delete(item)
    db.session.commit()
    typed = page | {f"{item.id}-notes": "Typed on a line that is gone"}
    for htmx in (True, False):
        answer = member.send(here(meeting), htmx=htmx, **typed)
        assert answer.status == 409
        assert answer.has("This item is no longer on the agenda")
        assert answer.has("Typed on a line that is gone")
    assert fresh(other).notes == "Kept"
    # What no one typed anew is missed by no one.
    assert member.send(here(meeting), **page).status == 303


# -- a session that ends


def test_signing_in_brings_back_every_field_of_the_page(member: EngageClient, meeting: Meeting) -> None:
    one, two = make_item(meeting, "One"), make_item(meeting, "Two", position=2)
    typed = {
        f"{one.id}-notes": "First\ntext",
        f"{two.id}-notes": PHONE,
        f"{two.id}-outcome": "done",
        f"{two.id}-decision": "Print the card",
        f"{one.id}-action_who": "Dan Reyes",
        "other-decision": "Meet in June",
    }
    page = opened(member, meeting) | typed
    db.session.execute(sa.delete(SignedIn))
    db.session.commit()
    lapsed = member.send(here(meeting), htmx=True, **page)
    assert lapsed.status == 401
    kept = {
        str(node.attributes["name"]): node.attributes.get("value") or ""
        for node in lapsed.all("input[type=hidden]")
    }
    assert typed.items() <= kept.items()
    email = member.membership.user.email
    kept |= {"sign_in_email": email, "sign_in_password": PASSWORD}
    kept.pop("csrf_token")
    back = member.send(here(meeting), **kept)
    assert typed.items() <= held(back).items()
    assert back.has("Nothing was saved yet")
    assert (fresh(one).notes, decisions()) == ("", [])
    # The button that is asked for saves all.
    accept = {f"{two.id}-notes-accepted": back.value(f"{two.id}-notes-accepted")}
    typed_on = held(back) | {f"{one.id}-action": "Ask the clinic"}
    assert member.send(here(meeting), **typed_on, **accept).status == 303
    assert (fresh(one).notes, fresh(two).notes, len(decisions())) == ("First\ntext", PHONE, 2)


# -- whose, and how often asked


def test_lines_of_others_are_neither_shown_nor_written(member: EngageClient, meeting: Meeting) -> None:
    elsewhere = make_item(make_meeting(member.membership, starts_at=PAST))
    theirs = make_item(make_meeting(make_membership(coalition=make_coalition())))
    for item in (elsewhere, theirs):
        member.send(here(meeting), **{f"{item.id}-notes": "Mine", f"{item.id}-outcome": "done"})
        assert fresh(item).notes == ""
    assert member.send(f"{MEETINGS}{theirs.meeting_id}/notes/").status == 404
    pause = make_item(meeting, "Coffee", about=about(AboutKind.BREAK))
    member.send(here(meeting), **{f"{pause.id}-notes": "Mine"})
    assert fresh(pause).notes == ""


def test_recording_asks_as_often_for_many_lines_as_for_few(member: EngageClient, meeting: Meeting) -> None:
    counts = []
    for more in (1, 12):
        for n in range(more):
            item = make_item(meeting, f"Line {n}", position=n, outcome=Outcome.NOT_REACHED)
            make_decision(meeting, member.membership, f"Card {n}", item_id=item.id)
        saves = opened(member, meeting) | {f"{item.id}-notes": f"We agreed {more}."}
        for path in (f"{MEETINGS}{meeting.id}/", here(meeting)):
            member.page(path)
        found = []
        for ask in (
            lambda: member.page(f"{MEETINGS}{meeting.id}/"),
            lambda: member.page(here(meeting)),
            lambda saves=saves: member.send(here(meeting), htmx=True, **saves),
        ):
            with counted_queries() as sent:
                ask()
            found.append(len(sent))
        counts.append(found)
    assert counts[0] == counts[1]
    assert counts[0][1] <= 9
    assert counts[0][2] <= 14
