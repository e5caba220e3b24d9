"""One tap from the mail: what the links hold, what a press does, what ends a link, and what coordinators see."""

import re
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from email.message import EmailMessage

import pytest
import sqlalchemy as sa
import time_machine
from flask import Flask

from engage import clock, tokens
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.messages.action_links import service
from engage.messages.action_links.rules import ACTIONS_MOST, KEPT
from engage.messages.models import ActionLink
from engage.plan.models import Action, Plan, Update
from engage.plan.rules import ActionStatus, PlanStatus
from tests import factories
from tests.client import EngageClient
from tests.databases import counted_queries
from tests.html import Page
from tests.messages.letters.posted import mailing
from tests.messages.letters.posted import run as run_letters
from tests.messages.smtp import scripted, taking
from tests.messages.subscribers import NOW, make_late, make_subscriber, run, user_of

DEAD = "This link no longer works"


@pytest.fixture(autouse=True)
def time(app: object) -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as travel:
        yield travel


@pytest.fixture
def anyone(app: Flask) -> EngageClient:
    """Returns a browser that no one has signed in with."""
    return EngageClient(app, app.response_class)


def text_of(mail: EmailMessage, kind: str = "plain") -> str:
    body = mail.get_body((kind,))
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def digest() -> EmailMessage:
    with taking() as taken:
        run(taken.port)
    (mail,) = taken.mails
    return mail


def paths(mail: EmailMessage) -> list[str]:
    return re.findall(r"http://127\.0\.0\.1(/say/\S+)", text_of(mail))


def mailed() -> tuple[str, str, str]:
    """Sends the digest and returns the links to say done, still on it and help for its only action."""
    done, going, stuck = paths(digest())
    return done, going, stuck


def the_action() -> Action:
    db.session.expire_all()
    return db.session.scalars(sa.select(Action)).one()


def updates() -> list[tuple[str, bool]]:
    return [(each.text, each.is_by_mail) for each in db.session.scalars(sa.select(Update))]


def dead(anyone: EngageClient, path: str) -> Page:
    answer = anyone.get(path)
    assert answer.status_code == 404
    return Page(answer)


def press(anyone: EngageClient, path: str) -> str:
    """Opens a link, presses its only button, and returns the page that follows."""
    form = anyone.page(path).one("main form")
    answer = anyone.post(form.attributes["action"] or "")
    assert answer.status_code == 303
    return anyone.page(answer.headers["Location"]).text("main")


# -- the mail


def test_each_action_in_the_digest_has_three_links_in_text_and_html() -> None:
    make_subscriber()
    mail = digest()
    token = paths(mail)[0].split("/")[2]
    assert (
        f"  Done: http://127.0.0.1/say/{token}/done\n"
        f"  Still on it: http://127.0.0.1/say/{token}/on_track\n"
        f"  I need help: http://127.0.0.1/say/{token}/stuck\n"
    ) in text_of(mail)
    assert re.findall(rf'href="http://127.0.0.1/say/{token}/(\w+)"', text_of(mail, "html")) == [
        "done", "on_track", "stuck",
    ]  # fmt: skip
    assert "do not pass this e-mail on" in text_of(mail) and "do not pass this e-mail on" in text_of(
        mail, "html"
    )


def test_the_subject_counts_and_names_neither_a_title_nor_the_coalition() -> None:
    dan = make_subscriber()
    assert digest()["Subject"] == "Engage: 1 thing waits"
    db.session.execute(sa.text("DELETE FROM messages_mail"))
    make_late(dan, "Call the school")
    make_late(dan, "Count beds")
    assert digest()["Subject"] == "Engage: 3 things wait"


def test_of_a_link_only_the_hash_is_stored() -> None:
    make_subscriber()
    token = mailed()[0].split("/")[2]
    (row,) = db.session.scalars(sa.select(ActionLink))
    assert row.token_hash == tokens.hashed(token)
    assert token not in str(db.session.execute(sa.select(ActionLink.__table__)).all())
    assert len(token) == 43


def test_a_mail_about_many_actions_asks_about_the_first_ten_in_one_insert() -> None:
    dan = make_subscriber()
    with counted_queries() as few, taking() as taken:
        run(taken.port)
    db.session.execute(sa.text("DELETE FROM messages_mail"))
    for number in range(29):
        make_late(dan, f"Action {number}")
    with counted_queries() as many, taking() as taken:
        run(taken.port)
    assert len(many) == len(few)
    (mail,) = taken.mails
    assert len({path.split("/")[2] for path in paths(mail)}) == ACTIONS_MOST
    assert len(paths(mail)) == 3 * ACTIONS_MOST
    assert "Late (30)" in text_of(mail)
    assert len(mail.as_bytes()) < 30_000


def test_a_mail_that_was_not_sent_leaves_no_link_that_someone_knows() -> None:
    make_subscriber()
    with scripted({"DATA": "550 no"}) as port:
        run(port)
    old = list(db.session.scalars(sa.select(ActionLink.token_hash)))
    assert {tokens.hashed(path.split("/")[2]) for path in mailed()}.isdisjoint(old)


def test_a_reminder_asks_about_the_persons_own_actions_also_without_an_account(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient, anyone: EngageClient
) -> None:
    dan = factories.make_membership(name="Dan Reyes", user=None, email="dan@example.org")
    make_late(dan, "Print cards & posters")
    with mailing(app, monkeypatch) as post:
        coordinator.send(f"/c/riverbend/messages/remind/{dan.id}/send")
        assert run_letters(post.port).sent == 1
        (mail,) = post.mails
        assert (mail["Subject"], str(mail["From"])) == (
            "Engage: 1 thing waits",
            "Engage <engage@example.org>",
        )
        assert len(paths(mail)) == 3
        assert "- Print cards & posters\n  Done: http://127.0.0.1/say/" in text_of(mail)
        assert "Print cards &amp; posters<br>" in text_of(mail, "html")
        assert "\n\n\n" not in text_of(mail)
    page = press(anyone, paths(mail)[0])
    assert "You said: Done." in page and "Sign in" not in page
    assert the_action().status is ActionStatus.DONE


def test_a_viewer_is_asked_nothing(
    app: Flask, monkeypatch: pytest.MonkeyPatch, coordinator: EngageClient
) -> None:
    reader = factories.make_membership(name="Vera", user=None, email="v@example.org", role=Role.VIEWER)
    make_late(reader, "Print cards")
    with mailing(app, monkeypatch) as post:
        coordinator.send(f"/c/riverbend/messages/remind/{reader.id}/send")
        run_letters(post.port)
        assert paths(post.mails[0]) == []


# -- opening and pressing


@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_opening_a_link_changes_nothing(anyone: EngageClient, method: str) -> None:
    make_subscriber()
    links = mailed()
    for path in (*links, links[0].rsplit("/", 1)[0]):
        with counted_queries() as statements:
            answer = anyone.open(path, method=method)
        assert answer.status_code == 200
        assert all(each.startswith("SELECT") for each in statements)
        assert not answer.headers.getlist("Set-Cookie")
        assert answer.headers["X-Robots-Tag"] == "noindex"
        assert answer.headers["Referrer-Policy"] == "same-origin"
        assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert the_action().status is ActionStatus.NOT_STARTED
    assert updates() == []


def test_the_page_shows_the_title_one_button_and_no_name_no_coalition_and_no_field(
    anyone: EngageClient,
) -> None:
    make_subscriber()
    page = anyone.page(mailed()[2])
    assert page.text("h1") == "Print cards & posters"
    assert page.texts("main button") == ["I need help"]
    assert page.texts("main form + p a") == ["Done", "Still on it"]
    assert not page.all("main input") and not page.all("main textarea")
    assert not page.has("Riverbend") and not page.has("Dan")
    assert page.all("#leave")


@pytest.mark.parametrize(
    ("place", "status", "words"),
    [
        (0, ActionStatus.DONE, "Done"),
        (1, ActionStatus.UNDER_WAY, "Still on it"),
        (2, ActionStatus.STUCK, "I need help"),
    ],
)
def test_one_press_without_a_cookie_sets_the_status_and_writes_a_marked_update(
    coordinator: EngageClient, anyone: EngageClient, place: int, status: ActionStatus, words: str
) -> None:
    make_subscriber()
    assert f"You said: {words}." in press(anyone, mailed()[place])
    action = the_action()
    assert (action.status, action.reason) == (status, "")
    assert action.done_on == (date(2026, 11, 25) if status is ActionStatus.DONE else None)
    assert updates() == [(words, True)]
    page = coordinator.page(f"/c/riverbend/plan/actions/{action.number}")
    assert re.search(r"Dan Reyes, by the link in an e-mail, .*2026", page.text("#plan-updates li"))
    assert page.has(f"to {'Under way' if place == 1 else 'Done' if not place else 'Stuck'}")


def test_a_second_press_changes_nothing_and_says_what_was_said(anyone: EngageClient) -> None:
    make_subscriber()
    done, _going, stuck = mailed()
    press(anyone, done)
    version = the_action().version
    answer = anyone.post(stuck)
    assert anyone.page(answer.headers["Location"]).has("You said: Done.")
    assert anyone.page(stuck).texts("main button") == ["Undo"]
    assert (the_action().status, the_action().version) == (ActionStatus.DONE, version)
    assert len(updates()) == 1


@pytest.mark.parametrize("place", [0, 1, 2])
def test_undo_restores_the_action_takes_the_update_away_and_the_link_stays_used_up(
    anyone: EngageClient, place: int
) -> None:
    make_subscriber()
    path = mailed()[place]
    press(anyone, path)
    undone = press(anyone, path)
    assert "Undone." in undone
    assert (the_action().status, updates()) == (ActionStatus.NOT_STARTED, [])
    assert anyone.page(path).all("main button") == []
    anyone.post(path)
    anyone.post(f"{path.rsplit('/', 1)[0]}/undo")
    assert (the_action().status, updates()) == (ActionStatus.NOT_STARTED, [])


def test_still_on_it_where_the_status_stays_is_said_used_up_and_undone_too(anyone: EngageClient) -> None:
    make_subscriber()
    action = the_action()
    action.status = ActionStatus.UNDER_WAY
    db.session.commit()
    _done, going, _stuck = mailed()
    press(anyone, going)
    assert updates() == [("Still on it", True)]
    press(anyone, going)
    assert (the_action().status, updates()) == (ActionStatus.UNDER_WAY, [])


def test_undo_brings_back_the_help_that_was_asked_for(anyone: EngageClient) -> None:
    make_subscriber()
    action = the_action()
    action.status, action.reason = ActionStatus.STUCK, "A licensed trainer."
    db.session.commit()
    going = mailed()[1]
    press(anyone, going)
    assert (the_action().status, the_action().reason) == (ActionStatus.UNDER_WAY, "")
    press(anyone, going)
    assert (the_action().status, the_action().reason) == (ActionStatus.STUCK, "A licensed trainer.")


def test_a_press_ends_the_links_of_other_mails_about_the_same_action(
    anyone: EngageClient, time: time_machine.Traveller
) -> None:
    make_subscriber()
    first = mailed()
    time.shift(timedelta(days=1))
    second = mailed()
    press(anyone, second[1])
    assert dead(anyone, first[0]).has(DEAD)


# -- what ends a link


def _closed(_dan: Membership) -> None:
    plan = db.session.scalars(sa.select(Plan)).one()
    plan.status, plan.closed_on = PlanStatus.CLOSED, date(2026, 11, 25)


def _given(_dan: Membership) -> None:
    the_action().owner_id = factories.make_membership(name="Eve").id


def _edited(_dan: Membership) -> None:
    the_action().version += 1


def _deleted(_dan: Membership) -> None:
    db.session.delete(the_action())


def _left(dan: Membership) -> None:
    dan.left_on = date(2026, 11, 25)


def _paused(dan: Membership) -> None:
    dan.disabled_at = NOW


def _viewer(dan: Membership) -> None:
    dan.role = Role.VIEWER


def _disabled(dan: Membership) -> None:
    user_of(dan).disabled_at = NOW


def _moved(dan: Membership) -> None:
    user_of(dan).email = "dan.new@example.org"


def _archived(dan: Membership) -> None:
    dan.coalition.closed_at = NOW


CHANGES = [_closed, _given, _edited, _deleted, _left, _paused, _viewer, _disabled, _moved, _archived]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("pressed", [False, True], ids=["before", "after"])
def test_a_link_is_dead_once_person_action_or_address_changed(
    anyone: EngageClient, change: Callable[[Membership], None], *, pressed: bool
) -> None:
    dan = make_subscriber()
    done, _going, stuck = mailed()
    if pressed:
        press(anyone, stuck)
    change(db.session.merge(dan))
    db.session.commit()
    before = [(each.status, each.version) for each in db.session.scalars(sa.select(Action))]
    token = done.rsplit("/", 1)[0]
    for path in (done, token):
        page = dead(anyone, path)
        assert page.has(DEAD) and not page.has("Print cards")
    assert anyone.post(done).status_code == 404
    assert anyone.post(f"{token}/undo").status_code == 404
    db.session.expire_all()
    assert [(each.status, each.version) for each in db.session.scalars(sa.select(Action))] == before


def test_a_link_is_dead_ten_days_after_its_mail_and_the_days_work_deletes_it(
    anyone: EngageClient, time: time_machine.Traveller
) -> None:
    make_subscriber()
    done = mailed()[0]
    time.move_to(NOW + KEPT - timedelta(seconds=1))
    assert anyone.get(done).status_code == 200
    assert service.prune(clock.now()) == 0
    time.move_to(NOW + KEPT)
    assert anyone.post(done).status_code == 404
    assert service.prune(clock.now()) == 1
    assert the_action().status is ActionStatus.NOT_STARTED


def test_a_guessed_link_and_an_answer_that_is_none_open_nothing(anyone: EngageClient) -> None:
    make_subscriber()
    token = mailed()[0].rsplit("/", 1)[0]
    assert dead(anyone, "/say/nothing-here/done").has(DEAD)
    for answer in ("new_date", "no_longer_needed", "undo"):
        assert anyone.get(f"{token}/{answer}").status_code == 404
    for answer in ("new_date", "no_longer_needed"):
        assert anyone.post(f"{token}/{answer}").status_code == 404
    assert the_action().status is ActionStatus.NOT_STARTED


def test_in_spanish_mail_and_page_are_spanish(anyone: EngageClient) -> None:
    dan = make_subscriber()
    user_of(dan).language = "es"
    db.session.commit()
    mail = digest()
    assert mail["Subject"] == "Engage: 1 asunto espera"
    assert "  Hecha: http://127.0.0.1/say/" in text_of(mail)
    page = anyone.page(paths(mail)[2], headers={"Accept-Language": "es"})
    assert page.texts("main button") == ["Necesito ayuda"]


# -- what coordinators see


def test_home_shows_coordinators_what_was_said_and_asks_them_to_find_out_what_help_is_needed(
    coordinator: EngageClient, member: EngageClient, anyone: EngageClient, time: time_machine.Traveller
) -> None:
    make_subscriber()
    assert not coordinator.page("/c/riverbend/").all("#home-by-mail")
    press(anyone, mailed()[2])
    page = coordinator.page("/c/riverbend/")
    assert "Dan Reyes: “I need help”, by the link in an e-mail, " in page.text("#home-by-mail")
    assert "Ask what help is needed." in page.text("#home-late")
    assert not member.page("/c/riverbend/").all("#home-by-mail")
    time.shift(timedelta(days=8))
    page = coordinator.page("/c/riverbend/")
    assert not page.all("#home-by-mail")
    assert "Ask what help is needed." in page.text("#home-late")
