"""Sets the running server's clock forward and back (libfaketime), by seconds, hours, weeks and years.

No one is locked out for good, nothing crashes, nothing is written or sent twice. docs/reliability.md says
what a wrong clock does do.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from pathlib import Path

import sqlalchemy as sa

from engage.coalitions.invitations import service as invitations_service
from engage.coalitions.models import Membership
from engage.coalitions.rules import Role
from engage.extensions import db
from engage.messages.models import Mail
from engage.plan.models import Action, Update
from tests import factories
from tests.faults.installations import Installation, installation, people
from tests.faults.rows import Row, row
from tests.messages.smtp import taking
from tests.messages.subscribers import make_subscriber

JUMPS = {
    "two seconds back": -timedelta(seconds=2),
    "an hour back": -timedelta(hours=1),
    "a month back": -timedelta(days=30),
    "an hour forward": timedelta(hours=1),
    "past the end of a session": timedelta(days=15),
    "a year forward": timedelta(days=365),
    "ten years back": -timedelta(days=3650),
}
TYPED = "What somebody was writing when the clock jumped."
RIGHT = timedelta(0)
# No further ahead than mails are written down for: what is forgotten may go out again, as docs/reliability.md says.
DAYS = (0, 0, 1, 0, -3, 56, 56, 0)
GUESSED_AT = {"a year forward", "ten years back"}


def library() -> Path | None:
    """Returns libfaketime, from Debian's package `faketime`; None if it is not installed."""
    return next(iter(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")), None)


@dataclass(frozen=True)
class Clock:
    """The clock of a server and of the commands beside it: the offset in the file is added to the true time."""

    file: Path

    def set(self, offset: timedelta) -> None:
        # In one step: whoever reads it half-written ends.
        written = self.file.with_suffix(".new")
        written.write_text(f"{offset.total_seconds():+.0f}s\n")
        written.replace(self.file)

    def settings(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(library()),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            # What measures how long something takes is no clock that anyone sets.
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",
            # Files keep the times at which they were written.
            "NO_FAKE_STAT": "1",
        }


def run(jumps: dict[str, timedelta] | None = None, days: tuple[int, ...] = DAYS) -> Row:
    """Jumps, and then on each of `days`, as offsets from a Monday, does the daily work and sends the digests."""
    with row("clock forward and back") as made_row, installation() as made, taking() as mails:
        made_row.done = "the clock of the running server jumps by seconds to years, and back to right"
        hands = Clock(made.folder.parent / "clock")
        hands.set(RIGHT)
        with made.app.app_context():
            factories.make_action(factories.make_plan(), number=1)
            person, email = people(made, 1)[0]
            make_subscriber(name="Dan Reyes")
            key = person.id
        made.settings = {
            **hands.settings(),
            "ENGAGE_SMTP_HOST": "127.0.0.1",
            "ENGAGE_SMTP_PORT": str(mails.port),
            "ENGAGE_SMTP_TLS": "none",
            "ENGAGE_SMTP_FROM": "engage@example.org",
        }
        made.start()
        for name, offset in (jumps or JUMPS).items():
            jump(made, hands, email, name, offset, made_row)
            made_row.count("jumps")
        with made.app.app_context():
            # Only now: the day's work of a far day deletes what would be long over then.
            link = _link(db.session.get_one(Membership, key))
        joining(made, hands, link, made_row)
        daily(made, hands, days, made_row)
        with made.app.app_context():
            found = Counter(db.session.execute(sa.select(Mail.user_id, Mail.day)).all())
            made_row.must(max(found.values(), default=0) <= 1, "somebody got two mails of one day")
            # Beside them people are told of sign-ins from a new browser: each is one.
            digests = [mail for mail in mails.mails if mail["List-Unsubscribe"]]
            # By the days they bear: the record of a mail is deleted on a day that is far enough from its own.
            for_days = {(mail["To"], parsedate_to_datetime(mail["Date"]).date()) for mail in digests}
            made_row.counts |= {"days mails were for": len(for_days), "mails": len(digests)}
            made_row.must(len(digests) == len(for_days), "a mail went out twice")
        made_row.must(not made.crashed, "something crashed")
        made_row.must(not made.damage(), "the file is damaged")
    return made_row


def jump(made: Installation, hands: Clock, email: str, name: str, offset: timedelta, made_row: Row) -> None:
    """Writes, lets the clock jump, and saves: it is saved, or asks to sign in with the text kept; and back again."""
    hands.set(RIGHT)
    browser = made.browser()
    made_row.must(browser.sign_in(email).status == 303, f"{name}: nobody could sign in before")
    for moment in (offset, RIGHT):
        hands.set(moment)
        browser.close()  # a browser connects anew where a kept connection was closed meanwhile; this one cannot tell
        where = name if moment else f"after {name}"
        text = f"{TYPED} {where}"
        answer = browser.post("/c/riverbend/plan/actions/1/updates", text=text)
        made_row.must(answer.status in {303, 400, 401}, f"{where}: saving answers {answer.status}")
        if answer.status != 303:
            made_row.must(text in answer.text, f"{where}: the typed text is gone")
            made_row.count("asked to sign in, with the text kept")
        stranger = made.browser()
        made_row.must(stranger.sign_in(email).status == 303, f"{where}: nobody can sign in")
        made_row.must(stranger.get("/c/riverbend/plan/").status == 200, f"{where}: no page")
        saved = stranger.post("/c/riverbend/plan/actions/1/updates", text=text)
        made_row.must(saved.status == 303, f"{where}: a new session saves nothing")
        for path in ("/c/riverbend/", "/c/riverbend/checklist/", "/account/"):
            made_row.must(stranger.get(path).status == 200, f"{where}: {path} fails")
    if name in GUESSED_AT:
        guess(made, hands, email, name, offset, made_row)


def guess(made: Installation, hands: Clock, email: str, name: str, offset: timedelta, made_row: Row) -> None:
    """Uses up the account's tries while the clock is wrong; once it is right, signing in works within minutes."""
    hands.set(offset)
    wrong = made.browser()
    while wrong.sign_in(email, "not the right one").status != 429:
        made_row.count("wrong passwords meanwhile")
    hands.set(RIGHT)
    made.browser().sign_in(email)
    hands.set(RIGHT + timedelta(minutes=2))
    made_row.must(made.browser().sign_in(email).status == 303, f"after {name}: tries in it lock somebody out")
    hands.set(RIGHT)


def _link(by: Membership) -> str:
    made = invitations_service.invite_openly(by, Role.MEMBER, days=7, uses=5)
    db.session.commit()
    return str(invitations_service.token_of(made))


def joining(made: Installation, hands: Clock, link: str, made_row: Row) -> None:
    """Follows a link of seven days: expired after eight, valid again when the clock is right."""
    for offset, status in ((timedelta(days=8), 410), (RIGHT, 200), (-timedelta(days=365), 200)):
        hands.set(offset)
        newcomer = made.browser()
        newcomer.get(f"/join/{link}")
        found = newcomer.get("/join").status
        made_row.must(found == status, f"an invitation at {offset.days} days answers {found}")


def daily(made: Installation, hands: Clock, days: tuple[int, ...], made_row: Row) -> None:
    """Does the daily work and the digests on each of these days; what is done is not done again."""
    counted: list[int] = []
    # Digests wait for the morning, and those of what is long late for a Monday: on any true day and at any hour
    # it is noon in Chicago on the coming Monday then, and `days` are counted from there.
    now = datetime.now(UTC)
    monday = now.replace(hour=18, minute=0, second=0) + timedelta(days=-now.weekday() % 7)
    for offset in days:
        hands.set(timedelta(days=offset) + (monday - now))
        for command in ("tick", "remind"):
            done = made.command(command)
            made_row.must(done.returncode == 0, f"engage {command} fails: {done.stderr[-200:]}")
        with made.app.app_context():
            counted.append(db.session.scalar(sa.select(sa.func.count()).select_from(Action)) or 0)
            db.session.remove()
    made_row.must(len(set(counted)) == 1, f"the day's work makes actions of nothing: {counted}")
    with made.app.app_context():
        made_row.counts["texts saved"] = (
            db.session.scalar(sa.select(sa.func.count()).select_from(Update)) or 0
        )
