"""Signing up for an event: the public page, its limit, the waiting list, canceling, and how long names are kept."""

from datetime import date, timedelta
from typing import Any

import pytest
import sqlalchemy as sa

from engage import clock, tokens
from engage.accounts.rules import PER_SIGNUP
from engage.extensions import db
from engage.plan.activities import queries as activities_queries
from engage.plan.activities.models import Activity, ActivityAudience
from engage.plan.activities.rules import ActivityState
from engage.plan.signups import queries, service
from engage.plan.signups.models import Signup, SignupPage
from engage.plan.signups.rules import SignupState, doubles, places_left
from engage.snapshots import Snapshot
from tests.calendar import ics
from tests.client import EngageClient
from tests.factories import make_activity, make_membership
from tests.html import Page

LIST = "/c/riverbend/plan/activities/"


def make_event(seats: int | None = None, **overrides: Any) -> Activity:
    """Makes an event in a week, with an open page to sign up."""
    day = clock.today("America/Chicago") + timedelta(days=7)
    values = {
        "state": ActivityState.PLANNED,
        "happened_on": day,
        "reached": None,
        "title": "Training for nurses",
    }
    event = make_activity(**{**values, **overrides})
    service.open_page(make_membership(), event, seats)
    db.session.commit()
    return event


def path(event: Activity) -> str:
    page = queries.page_of(event)
    assert page is not None
    return f"/events/{queries.token_of(queries.EVENT, page.nonce, page.token_hash)}"


def sign_up(client: EngageClient, event: Activity, name: str = "Dan Ito", **fields: Any) -> Page:
    address = path(event)
    press = client.page(address).one("[name=press]").attributes["value"]
    return client.send(address, **{"name": name, "phone": "555-0100", "press": press, **fields})


def names(event: Activity, state: SignupState = SignupState.COMING) -> list[str]:
    db.session.expire_all()
    return [each.name for each in queries.signups_of(event) if each.state is state]


@pytest.mark.parametrize(("seats", "coming", "left"), [(None, 9, None), (3, 1, 2), (3, 3, 0), (2, 5, 0)])
def test_places_left_are_never_below_none(seats: int | None, coming: int, left: int | None) -> None:
    assert places_left(seats, coming) == left


# -- the page


def test_a_coordinator_opens_the_page_and_prints_its_poster(coordinator: EngageClient) -> None:
    event = make_activity(state=ActivityState.PLANNED, happened_on=date(2099, 5, 3))
    address = f"{LIST}{event.id}/signups/"
    assert coordinator.page(address).has("Let people sign up")
    assert coordinator.send(f"{address}open", seats="0").errors == ["Enter a whole number from 1 to 10000."]
    assert coordinator.send(f"{address}open", seats="20").location == address
    page = coordinator.page(address)
    assert page.text(".lead") == "0 of 20 spots taken"
    poster = coordinator.page(f"{address}poster")
    assert poster.has(event.title)
    assert poster.all(".poster-code svg")


def test_an_events_page_has_its_link_first_and_one_primary_button_that_changes_with_the_day(
    client: EngageClient, coordinator: EngageClient, member: EngageClient
) -> None:
    def primary(event: Activity) -> list[str]:
        return coordinator.page(f"{LIST}{event.id}/").texts("main .btn-primary")

    today = clock.today("America/Chicago")
    plain = make_activity(state=ActivityState.PLANNED, happened_on=today + timedelta(days=7), reached=None)
    assert primary(plain) == ["Let people sign up"]
    event = make_event()
    page = coordinator.page(f"{LIST}{event.id}/")
    assert page.all("main section")[0].attributes["id"] == "plan-activity-share"
    assert path(event) in str(page.one("#plan-activity-link").attributes["value"])
    assert primary(event) == ["Print the poster"]
    assert not member.page(f"{LIST}{event.id}/").all("#plan-activity-share")
    assert primary(make_event(happened_on=today)) == ["Sign people in"]
    over = make_event(happened_on=today - timedelta(days=1))
    assert primary(over) == ["Count who came"]
    came = make_event(happened_on=today)
    sign_up(client, came)
    service.mark_came(coordinator.membership, came, {queries.signups_of(came)[0].id}, set())
    db.session.commit()
    assert primary(came) == ["Count the 1 person who signed in"]
    coordinator.send(f"{LIST}{event.id}/signups/close")
    assert primary(event) == ["Edit"]
    assert not coordinator.page(f"{LIST}{event.id}/").all("#plan-activity-share")


@pytest.mark.parametrize("closed", [False, True])
def test_a_page_of_an_earlier_key_gets_a_new_link_and_code_when_it_is_opened(
    client: EngageClient, coordinator: EngageClient, closed: bool
) -> None:
    event = make_event(seats=20)
    page = queries.page_of(event)
    assert page is not None
    dead, page.nonce, page.here_nonce = path(event), tokens.new_token(), tokens.new_token()
    db.session.commit()
    address = f"{LIST}{event.id}/signups/"
    if closed:
        coordinator.send(f"{address}close")
        coordinator.send(f"{address}open", seats="20")
    else:
        form = coordinator.page(address).one("#plan-signup-door form")
        assert "Make a new link" in form.text()
        seats = form.css_first("[name=seats]").attributes["value"]
        coordinator.send(form.attributes["action"], seats=seats)
    shown = coordinator.page(address)
    assert not shown.has("earlier key")
    assert path(event).removeprefix("/events/") in shown.text("#plan-signup-door")
    assert client.page(path(event)).has(event.title)
    assert queries.here_token(page) is not None
    assert page.seats == 20
    assert client.get(dead).status_code == 404


def test_the_public_page_the_persons_own_and_the_one_within_are_told_apart_by_their_titles(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event()
    own = sign_up(client, event).location or ""
    opened = [client.page(path(event)), client.page(own), coordinator.page(f"{LIST}{event.id}/")]
    titles = [page.text("title") for page in opened]
    assert all(event.title in title for title in titles)
    assert len({*titles}) == 3


def test_a_link_that_works_stays_when_places_change(coordinator: EngageClient) -> None:
    event = make_event(seats=20)
    before = path(event)
    coordinator.send(f"{LIST}{event.id}/signups/open", seats="30")
    db.session.expire_all()
    assert path(event) == before


def test_whoever_has_the_link_signs_up_without_an_account_and_gets_a_page_of_their_own(
    client: EngageClient,
) -> None:
    event = make_event(seats=1, link="https://meet.example.org/room")
    page = client.page(path(event))
    assert page.has("1 spot left.")
    assert not page.has("meet.example.org")

    answer = sign_up(client, event, email="dan@example.org", organization="River Clinic", sector="other")

    own = client.page(answer.location or "")
    assert own.has("Dan Ito, you are signed up.")
    assert own.all("a[href='https://meet.example.org/room']")
    signup = db.session.scalars(sa.select(Signup)).one()
    assert (signup.email, signup.organization, signup.state) == (
        "dan@example.org",
        "River Clinic",
        SignupState.COMING,
    )


def test_opening_a_page_writes_nothing_and_a_guessed_link_opens_nothing(client: EngageClient) -> None:
    event = make_event()
    before = db.session.scalar(sa.select(sa.func.count(Signup.id)))
    client.page(path(event))
    assert db.session.scalar(sa.select(sa.func.count(Signup.id))) == before
    for guess in ("/events/abc", "/events/mine/abc", "/events/confirm/abc"):
        assert client.get(guess).status_code == 404


@pytest.mark.parametrize(
    ("fields", "message"),
    [
        ({"name": ""}, "Enter your name."),
        ({"phone": ""}, "Enter an e-mail address or a phone number, so that we can reach you."),
        ({"email": "dan"}, "Enter an e-mail address like name@example.org."),
        ({"sector": "wizards"}, "Not a valid choice."),
        ({"sector": "survivor_led"}, "Not a valid choice."),
    ],
)
def test_a_refused_sign_up_says_why_and_keeps_what_was_typed(
    client: EngageClient, fields: dict[str, str], message: str
) -> None:
    event = make_event()
    page = sign_up(client, event, **{"organization": "River Clinic", **fields})
    assert page.status == 422
    assert page.errors == [message]
    assert page.value("organization") == "River Clinic"
    assert db.session.scalar(sa.select(Signup.id)) is None


def test_one_of_two_ways_to_reach_someone_is_asked_for_and_neither_called_optional(
    client: EngageClient,
) -> None:
    page = client.page(path(make_event()))
    assert page.text("[role=group] > .form-hint").startswith("An e-mail address or a phone number")
    assert page.texts("[role=group] label") == ["E-mail address", "Phone number"]


def test_a_button_pressed_twice_signs_up_once(client: EngageClient) -> None:
    event = make_event()
    first = sign_up(client, event, press="p" * 43)
    assert sign_up(client, event, press="p" * 43).location == first.location
    assert names(event) == ["Dan Ito"]


def test_more_than_a_hundred_at_once_from_one_place_wait_a_minute_and_lose_nothing(
    client: EngageClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    event = make_event()
    monkeypatch.setitem(client.application.config, "LIMITS", True)
    monkeypatch.setattr("engage.accounts.throttle.PER_SIGNUP", PER_SIGNUP.__class__(1, PER_SIGNUP.refill))
    sign_up(client, event)
    page = sign_up(client, event, name="Ana Cruz")
    assert page.status == 429
    assert page.value("name") == "Ana Cruz"
    assert names(event) == ["Dan Ito"]


# -- the waiting list


def test_a_full_event_has_a_waiting_list_whose_first_gets_a_place_that_frees_up(client: EngageClient) -> None:
    event = make_event(seats=1)
    dan = sign_up(client, event).location or ""
    ana = sign_up(client, event, name="Ana Cruz").location or ""
    sign_up(client, event, name="Lee Park")
    assert client.page(ana).has("Your place on the list: 1.")
    assert client.page(path(event)).has("All spots are taken.")

    assert client.send(f"{dan}/cancel").has("Your sign-up is canceled")

    assert (names(event), names(event, SignupState.WAITING)) == (["Ana Cruz"], ["Lee Park"])
    assert client.page(ana).has("Ana Cruz, you are signed up.")
    assert client.get(dan).status_code == 404


def test_more_places_go_to_those_who_wait_and_fewer_send_no_one_away(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(seats=1)
    for name in ("Dan Ito", "Ana Cruz", "Lee Park"):
        sign_up(client, event, name=name)
    address = f"{LIST}{event.id}/signups/"
    coordinator.send(f"{address}open", seats="2")
    assert names(event) == ["Dan Ito", "Ana Cruz"]
    coordinator.send(f"{address}open", seats="1")
    assert names(event) == ["Dan Ito", "Ana Cruz"]
    assert coordinator.page(address).text(".lead") == "2 people for 1 spot, 1 person waiting"


def test_a_removed_sign_up_frees_its_place_and_comes_back_to_the_end_of_the_line(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(seats=1)
    sign_up(client, event)
    sign_up(client, event, name="Ana Cruz")
    first = queries.signups_of(event)[0]
    remove = f"{LIST}{event.id}/signups/{first.id}/remove"
    assert coordinator.page(remove).has("You can restore it from there for 30 days.")
    answer = coordinator.send(remove)
    assert names(event) == ["Ana Cruz"]
    coordinator.send(coordinator.page(answer.location or "").one("form.undo").attributes["action"] or "")
    assert (names(event), names(event, SignupState.WAITING)) == (["Ana Cruz"], ["Dan Ito"])


# -- the calendar's file


FILE = "a[href$='/event.ics']"


def test_someone_with_a_spot_takes_the_event_into_a_calendar(client: EngageClient) -> None:
    starts = clock.now() + timedelta(days=7)
    event = make_event(
        starts_at=starts,
        happened_on=starts.date(),
        minutes=90,
        place="Library",
        link="https://meet.example.org/room",
    )
    own = sign_up(client, event).location or ""
    answer = client.get(client.page(own).one(FILE).attributes["href"] or "")
    (entry,) = ics.read(answer.get_data(as_text=True)).events
    assert answer.headers["Content-Disposition"] == "attachment; filename=event.ics"
    assert (entry["SUMMARY"], entry["DTSTART"]) == (event.title, f"{starts:%Y%m%dT%H%M%SZ}")
    assert entry["LOCATION"] == "Library\\, https://meet.example.org/room"
    assert entry["URL"] == f"http://127.0.0.1{own}"


def test_an_event_without_a_time_takes_its_whole_day(client: EngageClient) -> None:
    event = make_event()
    own = sign_up(client, event).location or ""
    (entry,) = ics.read(client.get(f"{own}/event.ics").get_data(as_text=True)).events
    assert entry["DTSTART;VALUE=DATE"] == f"{event.happened_on:%Y%m%d}"


def test_without_a_spot_there_is_nothing_to_put_in_a_calendar(client: EngageClient) -> None:
    event = make_event(seats=1)
    dan = sign_up(client, event).location or ""
    ana = sign_up(client, event, name="Ana Cruz").location or ""
    assert client.page(dan).all(FILE)
    assert not client.page(ana).all(FILE)
    assert client.get(f"{ana}/event.ics").status_code == 404
    event.state = ActivityState.CALLED_OFF
    db.session.commit()
    assert not client.page(dan).all(FILE)
    assert client.get(f"{dan}/event.ics").status_code == 404
    assert client.get("/events/mine/abc/event.ics").status_code == 404


# -- trouble


def test_who_signed_up_reads_that_time_or_place_changed(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(place="Library")
    own = sign_up(client, event).location or ""
    assert not client.page(own).has("changed since you signed up")
    form = coordinator.page(f"{LIST}{event.id}/edit")
    typed = {name: form.value(name) for name in ("version", "title", "kind", "happened_on")}
    coordinator.send(f"{LIST}{event.id}/edit", **typed, place="Town hall")
    page = client.page(own)
    assert page.has("The place changed since you signed up.")
    assert page.has("Town hall")
    assert not client.page(sign_up(client, event, name="Ana Cruz").location or "").has("changed since")


def test_an_event_called_off_with_people_signed_up_says_so_on_every_page(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event()
    own = sign_up(client, event).location or ""
    for n in range(39):
        sign_up(client, event, name=f"Person {n}")
    page = coordinator.page(f"{LIST}{event.id}/call-off")
    assert page.has("Sign-ups: 40 people signed up.")
    coordinator.send(f"{LIST}{event.id}/call-off")
    assert client.page(own).has("This event is canceled.")
    assert client.page(path(event)).has("This event is canceled.")
    assert client.send(path(event), name="Ana Cruz", phone="1", press="x").status == 409
    assert len(names(event)) == 40


def test_an_event_that_is_over_or_closed_takes_no_one(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event()
    coordinator.send(f"{LIST}{event.id}/signups/close")
    assert client.page(path(event)).has("Sign-up is closed.")
    past = make_event(happened_on=date(2026, 5, 3))
    assert client.page(path(past)).has("This event has ended.")


def test_a_member_sees_contacts_of_their_own_events_alone(member: EngageClient) -> None:
    assert member.get(f"{LIST}{make_event().id}/signups/").status_code == 404
    own = make_event(created_by_id=member.membership.id)
    assert member.get(f"{LIST}{own.id}/signups/").status_code == 200


# -- at the door


def here(event: Activity) -> str:
    page = queries.page_of(event)
    assert page is not None
    return f"/events/here/{queries.here_token(page)}"


def test_people_sign_in_at_the_door_by_their_own_page_or_by_name_and_count_once(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(happened_on=clock.today("America/Chicago"))
    own = sign_up(client, event).location or ""
    sign_up(client, event, name="Ana Cruz")
    assert client.page(own).has("I am here")
    client.send(f"{own}/here")
    assert client.page(own).has("Thank you for coming, Dan Ito.")
    assert not client.page(own).has("Cancel my sign-up")
    for press, name in (("1", "ana cruz"), ("2", "Somebody New"), ("2", "Somebody New")):
        answer = client.send(here(event), name=name, press=press)
        assert client.page(answer.location or "").has("Thank you. You are signed in.")
    assert names(event) == ["Dan Ito", "Ana Cruz", "Somebody New"]
    assert coordinator.page(f"{LIST}{event.id}/signups/").text(".lead").endswith("3 people came")


@pytest.mark.parametrize(
    ("came", "found"),
    [
        ([], {}),
        ([(1, "dan", False), (2, "ana", False)], {}),
        ([(1, "dan", False), (4, "dan", False), (5, "dan", False)], {4: 1, 5: 1}),
        ([(1, "dan", False), (4, "dan", True), (5, "dan", False)], {5: 1}),
        ([(4, "dan", True), (5, "ana", False)], {}),  # the first one is gone
    ],
)
def test_a_later_person_with_a_name_is_likely_the_first_one_unless_someone_said_otherwise(
    came: list[tuple[int, str, bool]], found: dict[int, int]
) -> None:
    assert doubles(came) == found


def twice_at_the_door(client: EngageClient, **values: Any) -> Activity:
    """Makes an event of today at which Dan came by his own page, and someone signs in as he did at the door."""
    event = make_event(happened_on=clock.today("America/Chicago"), **values)
    client.send(f"{sign_up(client, event, organization='').location}/here")
    sign_up(client, event, name="Ana Cruz")
    client.send(here(event), name="Ana Cruz", press="1")
    client.send(here(event), name="  DÁN ito", organization="River Clinic", press="2")
    return event


def came_words(coordinator: EngageClient, event: Activity) -> str:
    return coordinator.page(f"{LIST}{event.id}/signups/").text(".lead")


def test_whoever_came_by_their_own_page_and_again_at_the_door_counts_once_until_someone_decides(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = twice_at_the_door(client, seats=3)
    page = coordinator.page(f"{LIST}{event.id}/signups/")
    assert page.text(".lead") == "2 of 3 spots taken, 2 people came"
    assert page.texts("#plan-signup-doubles li strong") == ["DÁN ito"]
    assert "River Clinic" in page.text("#plan-signup-doubles")
    assert "555-0100" in page.text("#plan-signup-doubles")
    asked = coordinator.page(f"{LIST}{event.id}/")
    assert asked.has("1 person signed in with a name that had signed in before.")
    assert not asked.has("Count the 2 people who signed in")
    assert coordinator.send(f"{LIST}{event.id}/signups/count").status == 409
    assert service.forget_old(clock.now() + timedelta(days=40)) == 3
    db.session.commit()
    page_row = queries.page_of(event)
    assert page_row is not None
    assert (page_row.signed_up, page_row.came) == (2, 2)


def decided(coordinator: EngageClient, event: Activity, said: str) -> Page:
    """Presses one of the two buttons, as a browser without JavaScript does."""
    form = coordinator.page(f"{LIST}{event.id}/signups/").one("#plan-signup-doubles form")
    return coordinator.send(str(form.attributes["action"]), said=said)


def test_the_same_person_keeps_one_row_with_the_address_and_can_be_made_two_again(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = twice_at_the_door(client)
    answer = decided(coordinator, event, "same")
    assert names(event) == ["Dan Ito", "Ana Cruz"]
    dan = queries.signups_of(event)[0]
    assert (dan.phone, dan.organization) == ("555-0100", "River Clinic")
    page = coordinator.page(answer.location or "")
    assert page.has("They are one person now, and count once.")
    assert coordinator.page(f"{LIST}{event.id}/").has("Count the 2 people who signed in")
    coordinator.send(page.one("form.undo").attributes["action"] or "")
    assert names(event) == ["Dan Ito", "Ana Cruz", "DÁN ito"]
    assert came_words(coordinator, event) == "2 people signed up, 2 people came"


def test_the_question_is_asked_in_spanish_too(client: EngageClient, coordinator: EngageClient) -> None:
    event, spanish = twice_at_the_door(client, seats=1), {"Accept-Language": "es"}
    page = coordinator.page(f"{LIST}{event.id}/signups/", headers=spanish)
    assert page.text("#plan-signup-doubles h2") == "¿Una persona o dos?"
    assert page.texts("#plan-signup-doubles button") == [
        "Es la misma persona : DÁN ito",
        "Son dos personas : DÁN ito",
    ]
    assert page.text(".lead") == "2 personas para 1 lugar, Vinieron 2 personas"
    assert coordinator.page(f"{LIST}{event.id}/", headers=spanish).has("1 persona registró su asistencia con")


def test_two_people_with_one_name_both_count(client: EngageClient, coordinator: EngageClient) -> None:
    event = twice_at_the_door(client, seats=2)
    decided(coordinator, event, "two")
    page = coordinator.page(f"{LIST}{event.id}/signups/")
    assert page.text(".lead") == "3 people for 2 spots, 3 people came"
    assert not page.all("#plan-signup-doubles")
    coordinator.send(f"{LIST}{event.id}/signups/count")
    db.session.expire_all()
    assert event.reached == 3
    client.send(here(event), name="Dan Ito", press="9")
    assert came_words(coordinator, event) == "3 people for 2 spots, 3 people came"


def test_a_double_that_signed_up_by_its_own_page_stays_and_the_one_from_the_door_goes(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(happened_on=clock.today("America/Chicago"))
    client.send(here(event), name="Dan Ito", organization="River Clinic", press="1")
    client.send(f"{sign_up(client, event, organization='').location}/here")
    decided(coordinator, event, "same")
    stays = queries.signups_of(event)
    assert [(each.phone, each.organization) for each in stays] == [("555-0100", "River Clinic")]


def test_paper_and_the_door_count_a_name_once(client: EngageClient, coordinator: EngageClient) -> None:
    event = make_event(happened_on=clock.today("America/Chicago"))
    sign_up(client, event)
    sign_up(client, event)  # once more, from another phone
    client.send(here(event), name="dan ito", press="1")
    both = [str(each.id) for each in queries.signups_of(event)]
    coordinator.send(f"{LIST}{event.id}/signups/came", came=both)
    assert came_words(coordinator, event) == "1 person signed up, 1 person came"


def test_what_no_one_has_to_decide_any_more_is_refused(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = twice_at_the_door(client)
    first, second, double = queries.signups_of(event)
    address = f"{LIST}{event.id}/signups/"
    assert coordinator.send(f"{address}{double.id}/double", said="perhaps").status == 422
    assert coordinator.send(f"{address}{second.id}/double", said="same").status == 409
    assert coordinator.send(f"{address}{first.id}/double", said="two").status == 409
    coordinator.send(f"{address}{double.id}/double", said="two")
    assert coordinator.send(f"{address}{double.id}/double", said="same").status == 409
    assert len(names(event)) == 3


def test_a_printed_code_is_replaced_alone(client: EngageClient, coordinator: EngageClient) -> None:
    event = make_event(happened_on=clock.today("America/Chicago"))
    printed, link = here(event), path(event)
    sheet = coordinator.page(f"{LIST}{event.id}/signups/sheet")
    assert printed in sheet.text(".invite-link").replace(" ", "")
    replace = next(each for each in sheet.all("form") if "/code" in str(each.attributes["action"]))
    assert coordinator.send(str(replace.attributes["action"])).location == f"{LIST}{event.id}/signups/sheet"
    db.session.expire_all()
    assert client.get(printed).status_code == client.get("/events/here/guessed-code").status_code == 404
    assert here(event) != printed
    assert client.get(here(event)).status_code == client.get(link).status_code == 200
    assert path(event) == link


def test_no_one_signs_in_days_before(client: EngageClient) -> None:
    event = make_event()
    assert client.page(here(event)).has("You can sign in from two hours before")
    assert client.send(here(event), name="Dan Ito", press="1").status == 409
    assert names(event) == []


def test_the_link_to_sign_up_signs_no_one_in(client: EngageClient) -> None:
    event = make_event(happened_on=clock.today("America/Chicago"))
    assert client.get(path(event).replace("/events/", "/events/here/")).status_code == 404


def test_a_paper_sheet_says_who_came_and_one_press_makes_the_count(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event()
    for name in ("Dan Ito", "Ana Cruz", "Lee Park"):
        sign_up(client, event, name=name)
    address = f"{LIST}{event.id}/signups/"
    assert coordinator.page(f"{address}sheet").texts(".sign-in-sheet tbody td:nth-child(2)")[:3] == [
        "Dan Ito",
        "Ana Cruz",
        "Lee Park",
    ]
    first, second, _third = queries.signups_of(event)
    coordinator.send(f"{address}came", came=[str(first.id), str(second.id)])
    event.happened_on = clock.today("America/Chicago") - timedelta(days=1)
    db.session.commit()
    assert coordinator.page(f"{LIST}{event.id}/").has("Count the 2 people who signed in")

    answer = coordinator.send(f"{address}count")

    assert coordinator.page(answer.location or "").has("2 people are now counted in every report.")
    db.session.expire_all()
    assert (event.state, event.reached) == (ActivityState.HELD, 2)
    assert coordinator.send(f"{address}count").status == 409


def test_the_list_takes_no_one_out_who_signed_in_by_phone_after_it_was_opened(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(happened_on=clock.today("America/Chicago"))
    for name in ("Dan Ito", "Eva Moss", "Lee Park"):
        sign_up(client, event, name=name)
    dan, eva, lee = (str(each.id) for each in queries.signups_of(event))
    address = f"{LIST}{event.id}/signups/"
    coordinator.send(f"{address}came", came=[lee])
    opened = coordinator.page(address)
    assert [each.attributes["value"] for each in opened.all("[name=shown]")] == [lee]
    client.send(here(event), name="Eva Moss", press="1")

    coordinator.send(f"{address}came", came=[dan], shown=[lee], then="sheet")

    db.session.expire_all()
    came = {str(each.id) for each in queries.signups_of(event) if each.came_at is not None}
    assert came == {dan, eva}


# -- how long names are kept


def test_names_go_thirty_days_after_the_event_and_their_number_stays(client: EngageClient) -> None:
    event = make_event(seats=1)
    sign_up(client, event)
    sign_up(client, event, name="Ana Cruz")
    event.state = ActivityState.CALLED_OFF
    db.session.commit()
    last = clock.now() + timedelta(days=7 + 30)
    assert service.forget_old(last) == 0
    assert service.forget_old(last + timedelta(days=2)) == 2
    db.session.commit()
    page = db.session.scalars(sa.select(SignupPage)).one()
    assert (page.signed_up, names(event)) == (1, [])


def test_names_in_the_trash_go_as_early(client: EngageClient, coordinator: EngageClient) -> None:
    event = make_event()
    title = event.title
    sign_up(client, event)
    sign_up(client, event, name="Ana Cruz")
    coordinator.send(f"{LIST}{event.id}/signups/{queries.signups_of(event)[0].id}/remove")
    coordinator.send(f"{LIST}{event.id}/delete")
    service.forget_old(clock.now() + timedelta(days=39))
    db.session.commit()
    held = str(list(db.session.execute(sa.select(Snapshot.rows, Snapshot.title))))
    assert "Dan Ito" not in held
    assert "Ana Cruz" not in held
    assert title in held


def audiences(event: Activity) -> list[tuple[str, int | None]]:
    db.session.expire_all()
    return [(each.discipline, each.people) for each in activities_queries.audiences_of(event)]


def test_who_came_counts_for_the_only_audience(client: EngageClient, coordinator: EngageClient) -> None:
    event = make_event(discipline="nurse")
    come(client, event, 2)
    assert not coordinator.page(f"{LIST}{event.id}/").all("[name=people_1]")
    coordinator.send(f"{LIST}{event.id}/signups/count")
    assert audiences(event) == [("nurse", 2)]


def test_an_event_for_several_asks_how_many_of_each_came(
    client: EngageClient, coordinator: EngageClient
) -> None:
    event = make_event(discipline="nurse")
    db.session.add(
        ActivityAudience(coalition_id=event.coalition_id, activity_id=event.id, discipline="physician")
    )
    come(client, event, 3)
    assert coordinator.page(f"{LIST}{event.id}/").all("[name=people_2]")
    address = f"{LIST}{event.id}/signups/count"
    refused = coordinator.send(address, people_1="2", people_2="2")
    assert refused.errors == ["The audiences add up to 4 people, more than were reached."]
    assert coordinator.send(address, people_1="2", people_2="1.5").status == 422
    coordinator.send(address, people_1="2")
    assert audiences(event) == [("nurse", 2), ("physician", None)]


def come(client: EngageClient, event: Activity, number: int) -> None:
    """Signs so many people up who come."""
    for place in range(number):
        sign_up(client, event, name=f"Person {place}")
    for each in db.session.scalars(sa.select(Signup)):
        each.came_at = clock.now()
    db.session.commit()
