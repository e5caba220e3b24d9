"""Makes two coalitions that hold a row of everything, and every kind of person, for tests of what keeps them apart.

The texts of each carry a word of their own: if it turns up in an answer to someone else, something leaked.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlsplit

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.exc import DBAPIError

from engage import clock, languages, tokens
from engage.assessment import queries
from engage.assessment.channels import queries as channels
from engage.assessment.models import Channel, Round
from engage.calendar.feeds.service import group_address
from engage.calendar.models import CalendarLink
from engage.coalitions.models import Coalition, Group, Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.meetings.models import Meeting
from engage.meetings.replies.links import token_of
from engage.messages.action_links import service as action_links
from engage.messages.action_links.service import AskedAction
from engage.plan.feedback import queries as feedback
from engage.plan.models import Plan
from engage.plan.rules import PlanStatus
from engage.plan.signups import queries as signups
from engage.reports.tables import service as live_tables
from tests import databases, rows
from tests.client import EngageClient
from tests.factories import make_closed_round, make_coalition, make_membership, make_user, signed_in_client

# The ids of every row of the one coalition and of the other; a row's id tells whose it is.
OURS, THEIRS, NOBODYS = 500_001, 700_001, 1_999_999_999
OUR_WORD, THEIR_WORD = "ambertwig", "quillfeather"
# Texts that the code reads, and that hold no words of people.
READ_BY_CODE = {
    "about",
    "address_key",
    "area",
    "discipline",
    "focus_area",
    "key",
    "language",
    "new",
    "nonce",
    "old",
    "password_hash",
    "sector",
    "slug",
    "step",
    "indicator",
    "item",
    "field",
    "thing",
    "time_zone",
    "token",
    "what",
}
# What links are derived for.
PURPOSES = ("invitation", "public page", "calendar", "unsubscribe", "live tables")
Text = Callable[[sa.Column[Any]], str]
Everything = dict[str, dict[str, tuple[Any, ...]]]


def holds_words(table: sa.Table, column: sa.Column[Any]) -> bool:
    """Returns whether people's own words stand in this column."""
    is_text = isinstance(column.type, sa.String) and not isinstance(column.type, sa.Enum)
    codes = column.name in READ_BY_CODE and (table.name, column.name) not in {
        ("partners_organization", "about"),
        ("meetings_meeting", "about"),
        ("assessment_effort", "what"),
    }
    # Whoever has a place in both coalitions reads the other's name in the menu.
    named = (table.name, column.name) == ("coalitions_coalition", "name")
    return is_text and not codes and not named and not column.name.endswith("_hash")


def marked(word: str) -> Text:
    """Returns texts with this word in them that fit the column."""

    def text(column: sa.Column[Any]) -> str:
        if column.name in {"website", "link", "leave_url"}:
            return f"https://{word}.example/"
        if column.name == "email":
            return f"{word}@example.org"
        return f"{word} {column.table.name}.{column.name}"[: getattr(column.type, "length", None) or 200]

    return text


def write_texts(coalition: int, text: Text) -> list[str]:
    """Gives every column with words of the coalition's rows this text; returns the columns that refused it."""
    refused = []
    for table in db.metadata.sorted_tables:
        whose = table.c.id if table.name == "coalitions_coalition" else table.c.get("coalition_id")
        if whose is None:
            continue
        for column in table.c:
            if holds_words(table, column):
                change = sa.update(table).where(whose == coalition).values({column.name: text(column)})
                try:
                    with db.session.begin_nested():
                        db.session.execute(change)
                except DBAPIError:
                    refused.append(f"{table.name}.{column.name}")
    db.session.commit()
    return refused


def fill(coalition: int, key: int) -> None:
    """Makes one row of every tenant table in the coalition, all of them with the same id."""
    for table in db.metadata.sorted_tables:
        if "coalition_id" not in table.c or table.name == "assessment_release":
            continue  # only a closed round has one
        if table.name == "coalitions_membership" and key == OURS:
            continue
        # Some rows are called by their number in the coalition.
        values: dict[str, object] = {name: key for name in ("id", "number") if name in table.c}
        if table.name == "plan_plan":  # what the public page, among others, asks for
            values |= {"status": "adopted", "adopted_on": date(2026, 3, 1)}
        rows.insert(table, values, coalition=coalition)
    db.session.commit()


class World:
    """The two coalitions. `people` are signed-in browsers by kind of person; `restore` puts every row back."""

    def __init__(self, app: Flask, our_text: Text | None = None) -> None:
        self.app = app
        on_sqlite = db.engine.dialect.name == "sqlite"
        self._watching = sqlite3.connect(str(db.engine.url.database)) if on_sqlite else None
        self._turns = count()
        self._read: dict[object, tuple[int, Any]] = {}
        self.ours = self._coalition("riverbend", OURS)
        coordinator = make_membership(id=OURS, role=Role.COORDINATOR, coalition=self.ours)
        fill(self.ours.id, OURS)
        self.theirs = self._coalition("elsewhere", THEIRS)
        fill(self.theirs.id, THEIRS)
        both = make_user()
        people = {
            "coordinator": coordinator,
            "member": self._place(Role.MEMBER),
            "viewer": self._place(Role.VIEWER),
            "disabled": self._place(Role.COORDINATOR, disabled_at=clock.now()),
            "left": self._place(Role.COORDINATOR, left_on=date(2026, 3, 1)),
            "waiting": self._place(Role.MEMBER, approved_at=None),
            "both": self._place(Role.MEMBER, user=both),
            "stranger": make_membership(role=Role.COORDINATOR, coalition=self.theirs),
        }
        make_membership(role=Role.VIEWER, coalition=self.theirs, user=both)
        self.channels = _open_doors(self.app, self.ours.id, both.id)
        self.refused = write_texts(self.ours.id, our_text or marked(OUR_WORD))
        self.refused += write_texts(self.theirs.id, marked(THEIR_WORD))
        self.places = {name: place.id for name, place in people.items()}
        self.people = {name: signed_in_client(app, place) for name, place in people.items()}
        nobody = app.test_client()
        assert isinstance(nobody, EngageClient)
        self.people["no one"] = nobody
        self.our_id, self.their_id = self.ours.id, self.theirs.id
        self.made_at = clock.now()
        self.keep()
        for client in self.people.values():
            client.csrf_token()  # the session's half of it is in the cookie from here on
        self._cookies = {name: client.get_cookie("session") for name, client in self.people.items()}

    def _coalition(self, slug: str, key: int) -> Coalition:
        """Makes a coalition with a closed round and its results; its open round is a row as of every table."""
        made = make_coalition(slug=slug, name=slug.title(), help_checked_on=date(2026, 3, 1))
        answers = [("nonprofit", {"beds": (2, "A note")})] * 4
        make_closed_round(answers, coalition=made, id=key + 1)
        return made

    def _place(self, role: Role, **values: Any) -> Membership:
        return make_membership(role=role, coalition=self.ours, **values)

    def keep(self) -> None:
        """Makes the rows that are there now those that `restore` brings back."""
        self._kept = databases.kept()
        self._kept_at, self._read = self._state(), {}

    def restore(self) -> None:
        """Restores every row and every browser's session to when the world was made."""
        for name, client in self.people.items():
            client.set_cookie("session", self.cookie(name))
            client.delete_cookie(languages.COOKIE)  # a form that was sent may have chosen one
        db.session.rollback()
        if self._state() != self._kept_at:
            databases.put_back(self._kept)
            self._kept_at = self._state()

    def _state(self) -> int:
        """Returns a number that is another one after each commit of others: most requests write nothing.

        PostgreSQL has none: there each one is another.
        """
        if self._watching is None:
            return next(self._turns)
        return int(self._watching.execute("PRAGMA data_version").fetchone()[0])

    def _as_read(self, what: object, read: Callable[[], Any]) -> Any:
        """Returns what was read last if no one has written since: reading all takes longer than most requests."""
        state, found = self._read.get(what, (None, None))
        if state != self._state():
            found = read()
            self._read[what] = (self._state(), found)
        return found

    def everything(self) -> Everything:
        return self._as_read("everything", everything)  # type: ignore[no-any-return]

    def cookie(self, who: str) -> str:
        """Returns the first value of the session's cookie in this person's browser."""
        kept = self._cookies[who]
        return kept.value if kept else ""

    def rows_of(self, coalition: int) -> dict[str, list[tuple[Any, ...]]]:
        """Returns every row of the coalition and of the accounts of its people, to compare."""
        return self._as_read(coalition, lambda: self._rows_of(coalition))  # type: ignore[no-any-return]

    def _rows_of(self, coalition: int) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        users = f"id IN (SELECT user_id FROM coalitions_membership WHERE coalition_id = {coalition})"
        with reading() as cursor:
            for table in db.metadata.sorted_tables:
                if "coalition_id" in table.c:
                    mine = f"coalition_id = {coalition}"
                elif table.name == "coalitions_coalition":
                    mine = f"id = {coalition}"
                elif table.name == "accounts_user":
                    mine = users
                else:
                    continue
                key = next(iter(table.primary_key)).name
                cursor.execute(f"SELECT * FROM {table.name} WHERE {mine} ORDER BY {key}")
                found[table.name] = cursor.fetchall()
        return found


@contextmanager
def reading() -> Iterator[Any]:
    """Yields a cursor of the driver's own, because these tests read every table after each request."""
    db.session.rollback()
    driver = db.engine.raw_connection()
    try:
        yield driver.cursor()
        driver.rollback()
    finally:
        driver.close()


def _open_doors(app: Flask, coalition: int, user: int) -> list[str]:
    """Returns what opens to anyone with a link of the coalition: a vote, an invitation, a public page and so on."""
    key = app.config["SECRET_KEY"]
    made = {purpose: tokens.derived(key, purpose, "nonce") for purpose in PURPOSES}
    made |= {"reset": tokens.new_token(), "sign-in": tokens.new_token()}

    def row(table: str, of: str, **values: Any) -> int:
        nonce = {"nonce": "nonce"} if of in PURPOSES else {}
        values |= {"token_hash": tokens.hashed(made[of]), **nonce}
        return rows.insert(db.metadata.tables[table], values, coalition=coalition)

    def change(table: str, **values: Any) -> None:
        chosen = db.metadata.tables[table]
        db.session.execute(sa.update(chosen).where(chosen.c.coalition_id == coalition).values(values))

    row("accounts_password_link", "reset", user_id=user, expires_at=clock.now() + timedelta(hours=1))
    row("accounts_sign_in_link", "sign-in", user_id=user, email=f"{user}@example.org", asked_at=clock.now())
    link = db.session.get_one(CalendarLink, row("messages_calendar", "calendar", user_id=user))
    group = db.session.scalars(sa.select(Group.id).where(Group.coalition_id == coalition)).first()
    assert group is not None
    row("messages_setting", "unsubscribe", user_id=user)
    row("reports_live_link", "live tables", ends_on=clock.today() + timedelta(days=7), made_at=clock.now())
    live_tables.forget_copies(coalition)  # that of a request which still computes is no table
    for table, of in (("coalitions_invitation", "invitation"), ("reports_public_page", "public page")):
        change(table, nonce="nonce", token_hash=tokens.hashed(made[of]))
    change("coalitions_invitation", expires_at=clock.now() + timedelta(days=7), uses_left=5)
    vote = rows.insert(
        db.metadata.tables["strengths_vote"],
        {"state": "open", "token": f"open{coalition}"},
        coalition=coalition,
    )
    rows.insert(db.metadata.tables["strengths_vote_need"], {"vote_id": vote}, coalition=coalition)
    coming = {
        "starts_at": clock.now() + timedelta(days=7),
        "link": "https://meet.example.org",
        "closed_at": None,
    }
    meeting = db.session.get_one(
        Meeting, rows.insert(db.metadata.tables["meetings_meeting"], coming, coalition=coalition)
    )
    here = Membership.user_id == user, Membership.coalition_id == coalition
    place = db.session.scalars(sa.select(Membership).where(*here)).one()
    said = _action_link(place)
    db.session.commit()
    with app.test_request_context():
        rsvp = f"/rsvp/{token_of(place.id, meeting)}"
        its_calendar = group_address(link, group, coalition)
    return [
        rsvp,
        f"{rsvp}/meeting.ics",
        said,
        f"{said}/done",
        f"/reset/{made['reset']}",
        f"/sign-in/link/{made['sign-in']}",
        f"/calendar/{made['calendar']}.ics",
        urlsplit(its_calendar).path,
        f"/unsubscribe/{made['unsubscribe']}",
        f"/join/{made['invitation']}",
        "/join",
        f"/public/{made['public page']}",
        f"/public/{made['public page']}/meetings.ics",
        f"/framed/{made['public page']}/progress",
        f"/framed/{made['public page']}/calendar",
        *(
            f"/live/{made['live tables']}/{each}.csv"
            for each in ("plan", "activities", "excel/measures", "counts", "coverage")
        ),
        f"/vote/open{coalition}",
        f"/vote/open{coalition}/in",
        *_answer_doors(coalition),
        *_event_doors(coalition),
    ]


def _action_link(place: Membership) -> str:
    """Returns the page of a mail's link about an action that this person leads."""
    mine = Plan.coalition_id == place.coalition_id, Plan.status != PlanStatus.CLOSED
    plan = db.session.scalars(sa.select(Plan.id).where(*mine)).first()
    assert plan is not None
    values = {"plan_id": plan, "owner_id": place.id, "status": "not_started", "version": 1, "number": 900_900}
    action = rows.insert(db.metadata.tables["plan_action"], values, coalition=place.coalition_id)
    assert place.user is not None
    question = AskedAction(place.coalition_id, place.id, action, 1, tokens.new_token())
    action_links.keep(db.session(), [question], place.user.email)
    return f"/say/{question.token}"


def _answer_doors(coalition: int) -> list[str]:
    """Returns the pages of an open link by which people answer the coalition's open round without an account."""
    round_ = db.session.scalars(
        sa.select(Round).where(Round.coalition_id == coalition, queries.takes_answers())
    ).first()
    assert round_ is not None
    nonce = f"door {coalition}"
    token = channels.made_token(nonce)
    change = sa.update(Channel).where(Channel.coalition_id == coalition)
    values = {"round_id": round_.id, "kind": "link", "revoked_at": None}
    db.session.execute(change.values(**values, nonce=nonce, token_hash=channels.token_hash(token)))
    db.session.commit()
    return [f"/answer/{token}", f"/answer/{token}/resume"]


def _event_doors(coalition: int) -> list[str]:
    """Returns the pages of an event of the coalition that people sign up for without an account."""
    nonce = f"event {coalition}"
    event = rows.insert(
        db.metadata.tables["plan_activity"],
        {"state": "planned", "happened_on": clock.today(), "starts_at": None},
        coalition=coalition,
    )
    page = {name: signups.made_token(name, nonce) for name in (signups.EVENT, signups.HERE)}
    hashes = {name: signups.token_hash(name, token) for name, token in page.items()}
    rows.insert(
        db.metadata.tables["plan_signup_page"],
        {
            "activity_id": event,
            "nonce": nonce,
            "token_hash": hashes[signups.EVENT],
            "here_nonce": nonce,
            "here_hash": hashes[signups.HERE],
            "closed_at": None,
        },
        coalition=coalition,
    )
    own = {name: signups.made_token(name, nonce) for name in (signups.OWN, signups.CONFIRM)}
    rows.insert(
        db.metadata.tables["plan_signup"],
        {
            "activity_id": event,
            "nonce": nonce,
            "token_hash": signups.token_hash(signups.OWN, own[signups.OWN]),
            "confirm_hash": signups.token_hash(signups.CONFIRM, own[signups.CONFIRM]),
        },
        coalition=coalition,
    )
    asking = {"activity_id": event, "nonce": nonce, "opened_at": clock.now(), "closed_at": None}
    feedback_token = signups.made_token(feedback.FEEDBACK, nonce)
    asking["token_hash"] = signups.token_hash(feedback.FEEDBACK, feedback_token)
    asked = rows.insert(db.metadata.tables["plan_feedback"], asking, coalition=coalition)
    values = {"feedback_id": asked, "kind": "yes_no", "asked": "after"}
    rows.insert(db.metadata.tables["plan_feedback_question"], values, coalition=coalition)
    db.session.commit()
    return [
        f"/feedback/{feedback_token}",
        f"/events/{page[signups.EVENT]}",
        f"/framed/event/{page[signups.EVENT]}",
        f"/events/here/{page[signups.HERE]}",
        f"/events/mine/{own[signups.OWN]}",
        f"/events/confirm/{own[signups.CONFIRM]}",
    ]


def everything() -> Everything:
    """Returns every row of every table as the driver gives it, by table and key, without random columns."""
    found = {}
    with reading() as cursor:
        for table in db.metadata.sorted_tables:
            kept = [column.name for column in table.c if not _is_random(column.name)]
            keys = [column.name for column in table.primary_key]
            cursor.execute(f"SELECT {', '.join(kept)} FROM {table.name}")
            places = [kept.index(key) for key in keys if key in kept]
            found[table.name] = {
                " ".join(str(row[place]) for place in places): tuple(map(str, row))
                for row in cursor.fetchall()
            }
    return found


def _is_random(name: str) -> bool:
    return name.endswith(("_hash", "nonce")) or name == "token"


def differences(one: Everything, other: Everything) -> list[str]:
    """Returns differences in words: table, row and the values that differ."""
    found = []
    for name, rows_ in one.items():
        if rows_ == other[name]:
            continue
        columns = [column.name for column in db.metadata.tables[name].c if not _is_random(column.name)]
        for key in sorted(rows_.keys() | other[name].keys()):
            left, right = rows_.get(key), other[name].get(key)
            if left is None or right is None:
                found.append(f"{name} {key} {'appeared' if left is None else 'is gone'}")
            elif left != right:
                pairs = zip(columns, left, right, strict=True)
                words = [f"{column}: {a!r} -> {b!r}" for column, a, b in pairs if a != b]
                found.append(f"{name} {key}: {', '.join(words)}")
    return found
